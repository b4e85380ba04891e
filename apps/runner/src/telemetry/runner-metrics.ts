import type { MetricDefinition } from '@cdrstream/engine'

const org = 'the name of the org'
const sink = 'the name of the sink'
const credential = 'the org after which the rate limit is named'
const state = '`ok`, `catching-up`, `retrying`, `paused`, `waiting`'

/** The metrics that come from the status: the same facts as those of `cdrstream status`. */
export const statusMetrics = {
  orgState: {
    name: 'cdrstream.org.state',
    kind: 'gauge',
    unit: '',
    description: '1 for the present state of an org, 0 for the others.',
    attributes: { org, state },
  },
  freshness: {
    name: 'cdrstream.freshness',
    kind: 'gauge',
    unit: 's',
    description: 'How old the newest second is that was read.',
    attributes: { org },
  },
  frontierAge: {
    name: 'cdrstream.frontier.age',
    kind: 'gauge',
    unit: 's',
    description: 'How old the frontier is: everything before it was read or is a gap.',
    attributes: { org },
  },
  oldestUnreadLeft: {
    name: 'cdrstream.oldest_unread.left',
    kind: 'gauge',
    unit: 's',
    description:
      'Time until the oldest second that can be read but was not expires. Missing while there is none.',
    attributes: { org },
  },
  coverage: {
    name: 'cdrstream.coverage',
    kind: 'gauge',
    unit: 's',
    description: 'Insertion time since the first second to collect, by what is known of it.',
    attributes: { org, level: '`unread`, `doubtful`, `read`, `final`, `gap`' },
  },
  budgetLeft: {
    name: 'cdrstream.budget.left',
    kind: 'gauge',
    unit: '{request}',
    description: 'Requests that the rate limit still allows now.',
    attributes: { credential, kind: '`initial` or `page`' },
  },
  budgetWait: {
    name: 'cdrstream.budget.wait',
    kind: 'gauge',
    unit: 's',
    description: 'For how long the API has forbidden any request with a 429; 0 if it has not.',
    attributes: { credential },
  },
  quarantine: {
    name: 'cdrstream.quarantine.items',
    kind: 'gauge',
    unit: '{item}',
    description: 'Items in quarantine.',
    attributes: {
      org: 'the name of the org, for items that cannot be records',
      sink: 'the name of the sink, for records that it refused',
    },
  },
  sinkState: {
    name: 'cdrstream.sink.state',
    kind: 'gauge',
    unit: '',
    description: '1 for the present state of a sink, 0 for the others.',
    attributes: { sink, state },
  },
  sinkLagRecords: {
    name: 'cdrstream.sink.lag.records',
    kind: 'gauge',
    unit: '{record}',
    description: 'Records in the journal that a sink does not have yet.',
    attributes: { sink },
  },
  sinkLagDuration: {
    name: 'cdrstream.sink.lag.duration',
    kind: 'gauge',
    unit: 's',
    description: 'For how long the oldest record that a sink does not have yet has been in the journal.',
    attributes: { sink },
  },
  sinkLost: {
    name: 'cdrstream.sink.lost.records',
    kind: 'gauge',
    unit: '{record}',
    description: 'Records that left the journal before a sink had them.',
    attributes: { sink },
  },
  journalSize: {
    name: 'cdrstream.journal.size',
    kind: 'gauge',
    unit: 'By',
    description: 'The size of the journal on disk.',
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

/** The metrics of the sign-ins. */
export const signInMetrics = {
  accessTokenLeft: {
    name: 'cdrstream.access_token.left',
    kind: 'gauge',
    unit: 's',
    description: 'Time until the current access token expires. Missing if it is unknown.',
    attributes: { credential },
  },
  refreshTokenLeft: {
    name: 'cdrstream.refresh_token.left',
    kind: 'gauge',
    unit: 's',
    description: 'Time until the refresh token expires. Missing if it is unknown.',
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

/** The metrics of the process, with the names of OpenTelemetry's semantic conventions. */
export const processMetrics = {
  cpuTime: {
    name: 'process.cpu.time',
    kind: 'counter',
    unit: 's',
    description: 'Processor time that the process has used.',
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
    description: 'The mean delay of the event loop since the metrics were last read.',
    attributes: {},
  },
  delayP99: {
    name: 'nodejs.eventloop.delay.p99',
    kind: 'gauge',
    unit: 's',
    description: 'The 99th percentile of the delay of the event loop since the metrics were last read.',
    attributes: {},
  },
  delayMax: {
    name: 'nodejs.eventloop.delay.max',
    kind: 'gauge',
    unit: 's',
    description: 'The maximum delay of the event loop since the metrics were last read.',
    attributes: {},
  },
  utilization: {
    name: 'nodejs.eventloop.utilization',
    kind: 'gauge',
    unit: '1',
    description: 'The share of the time since the metrics were last read in which the event loop was busy.',
    attributes: {},
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
