import type { MetricDefinition } from '@cdrstream/engine'

const org = "the org's name"
const sink = "the sink's name"
const credential = 'the name of the org that the rate limit is stored under'
const state = '`ok`, `catching-up`, `retrying`, `paused`, `waiting`'

/** The metrics that are derived from the status, with the same facts as `cdrstream status`. */
export const statusMetrics = {
  orgState: {
    name: 'cdrstream.org.state',
    kind: 'gauge',
    unit: '',
    description: "1 for an org's current state, 0 for the other states.",
    attributes: { org, state },
  },
  freshness: {
    name: 'cdrstream.freshness',
    kind: 'gauge',
    unit: 's',
    description: 'The age of the newest second that has been read.',
    attributes: { org },
  },
  frontierAge: {
    name: 'cdrstream.frontier.age',
    kind: 'gauge',
    unit: 's',
    description: 'The age of the frontier. Everything before it has been read or is a gap.',
    attributes: { org },
  },
  oldestUnreadLeft: {
    name: 'cdrstream.oldest_unread.left',
    kind: 'gauge',
    unit: 's',
    description:
      'Time until the oldest second that is readable but still unread expires. Missing if there is none.',
    attributes: { org },
  },
  coverage: {
    name: 'cdrstream.coverage',
    kind: 'gauge',
    unit: 's',
    description: 'Insertion time since the first second to collect, by level of coverage.',
    attributes: { org, level: '`unread`, `doubtful`, `read`, `final`, `gap`' },
  },
  budgetLeft: {
    name: 'cdrstream.budget.left',
    kind: 'gauge',
    unit: '{request}',
    description: 'Requests that the rate limit currently allows.',
    attributes: { credential, kind: '`initial` or `page`' },
  },
  budgetWait: {
    name: 'cdrstream.budget.wait',
    kind: 'gauge',
    unit: 's',
    description: 'How much longer a 429 response forbids all requests; 0 if there is no such limit.',
    attributes: { credential },
  },
  quarantine: {
    name: 'cdrstream.quarantine.items',
    kind: 'gauge',
    unit: '{item}',
    description: 'Items in quarantine.',
    attributes: {
      org: "the org's name, for items that cannot be read as records",
      sink: "the sink's name, for records that the sink refused",
    },
  },
  sinkState: {
    name: 'cdrstream.sink.state',
    kind: 'gauge',
    unit: '',
    description: "1 for a sink's current state, 0 for the other states.",
    attributes: { sink, state },
  },
  sinkLagRecords: {
    name: 'cdrstream.sink.lag.records',
    kind: 'gauge',
    unit: '{record}',
    description: 'Records in the journal that have not been delivered to a sink yet.',
    attributes: { sink },
  },
  sinkLagDuration: {
    name: 'cdrstream.sink.lag.duration',
    kind: 'gauge',
    unit: 's',
    description: 'How long the oldest record that has not been delivered to a sink has been in the journal.',
    attributes: { sink },
  },
  sinkLost: {
    name: 'cdrstream.sink.lost.records',
    kind: 'gauge',
    unit: '{record}',
    description: 'Records that left the journal before a sink had received them.',
    attributes: { sink },
  },
  journalSize: {
    name: 'cdrstream.journal.size',
    kind: 'gauge',
    unit: 'By',
    description: "The journal's size on disk.",
    attributes: {},
  },
  journalRoom: {
    name: 'cdrstream.journal.room',
    kind: 'gauge',
    unit: 'By',
    description: 'Free disk space above `journal.minFreeDisk`. At 0 or below, collection is paused.',
    attributes: {},
  },
  journalRecords: {
    name: 'cdrstream.journal.records',
    kind: 'gauge',
    unit: '{record}',
    description: 'Records and revisions in the journal.',
    attributes: {},
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>

/** The sign-in metrics. */
export const signInMetrics = {
  accessTokenLeft: {
    name: 'cdrstream.access_token.left',
    kind: 'gauge',
    unit: 's',
    description: 'Time until the current access token expires. Missing if unknown.',
    attributes: { credential },
  },
  refreshTokenLeft: {
    name: 'cdrstream.refresh_token.left',
    kind: 'gauge',
    unit: 's',
    description: 'Time until the refresh token expires. Missing if unknown.',
    attributes: { credential },
  },
  signInFailing: {
    name: 'cdrstream.sign_in.failing',
    kind: 'gauge',
    unit: '',
    description: '1 if no access token can be obtained or renewed, otherwise 0.',
    attributes: { credential },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>

/** The process metrics, named after OpenTelemetry's semantic conventions. */
export const processMetrics = {
  cpuTime: {
    name: 'process.cpu.time',
    kind: 'counter',
    unit: 's',
    description: 'CPU time that the process has used.',
    attributes: { 'cpu.mode': '`user` or `system`' },
  },
  memoryUsage: {
    name: 'process.memory.usage',
    kind: 'gauge',
    unit: 'By',
    description: 'Physical memory that the process uses.',
    attributes: {},
  },
  uptime: {
    name: 'process.uptime',
    kind: 'gauge',
    unit: 's',
    description: 'How long the process has been running.',
    attributes: {},
  },
  delayMean: {
    name: 'nodejs.eventloop.delay.mean',
    kind: 'gauge',
    unit: 's',
    description: 'The mean event loop delay since the metrics were last read.',
    attributes: {},
  },
  delayP99: {
    name: 'nodejs.eventloop.delay.p99',
    kind: 'gauge',
    unit: 's',
    description: 'The 99th percentile of the event loop delay since the metrics were last read.',
    attributes: {},
  },
  delayMax: {
    name: 'nodejs.eventloop.delay.max',
    kind: 'gauge',
    unit: 's',
    description: 'The maximum event loop delay since the metrics were last read.',
    attributes: {},
  },
  utilization: {
    name: 'nodejs.eventloop.utilization',
    kind: 'gauge',
    unit: '1',
    description: 'The fraction of time that the event loop was busy since the metrics were last read.',
    attributes: {},
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
