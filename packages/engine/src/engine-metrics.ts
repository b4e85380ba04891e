import type { MetricDefinition } from './metric-definition.ts'

const org = "the org's name"
const sink = "the sink's name"

/** The metrics that the engine records, keyed by their property in `telemetry`. */
export const engineMetrics = {
  requests: {
    name: 'cdrstream.requests',
    kind: 'counter',
    unit: '{request}',
    description: 'API requests that were answered or abandoned.',
    attributes: {
      org,
      kind: '`initial` for the first page of a window, `page` for a further page',
      outcome:
        '`page`; `limited` (429); refused: `token`, `permission`, `region`, `window`, `other`; failed: `unreachable`, `timeout`, `unavailable`, `malformed`, `too-large`, `sign-in`, `token`, `region`',
    },
  },
  itemsRead: {
    name: 'cdrstream.items.read',
    kind: 'counter',
    unit: '{item}',
    description: 'Items received in API pages.',
    attributes: {
      org,
      result:
        '`new` record, `revision` of a known record, `known` already, or `quarantined` because the item cannot be read as a record',
    },
  },
  recordsAccepted: {
    name: 'cdrstream.records.accepted',
    kind: 'counter',
    unit: '{record}',
    description: 'New records and revisions that were stored in the journal.',
    attributes: { org },
  },
  recordsLateness: {
    name: 'cdrstream.records.lateness',
    kind: 'histogram',
    unit: 's',
    description:
      "Time from a new record's Report time, when Webex wrote it, until it was accepted. After an outage, this includes the outage.",
    attributes: { org },
    boundaries: [
      60, 120, 180, 300, 600, 1_200, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 28_800, 36_000, 43_200,
    ],
  },
  itemsQuarantined: {
    name: 'cdrstream.items.quarantined',
    kind: 'counter',
    unit: '{item}',
    description: 'Items that were quarantined.',
    attributes: {
      org: "the org's name, for an item that cannot be read as a record",
      sink: "the sink's name, for a record that the sink refused",
    },
  },
  headBehind: {
    name: 'cdrstream.head.behind',
    kind: 'gauge',
    unit: 's',
    description: 'How far the newest second read is behind the newest second that can be read.',
    attributes: { org },
  },
  gaps: {
    name: 'cdrstream.gaps',
    kind: 'gauge',
    unit: 's',
    description: 'Insertion time that expired before it could be read.',
    attributes: { org },
  },
  credentialShared: {
    name: 'cdrstream.credential.shared',
    kind: 'gauge',
    unit: '',
    description: '1 while another program seems to use the credential, otherwise 0.',
    attributes: { org },
  },
  recordsDelivered: {
    name: 'cdrstream.records.delivered',
    kind: 'counter',
    unit: '{record}',
    description: 'Records that a sink has made durable.',
    attributes: { sink },
  },
  batchSize: {
    name: 'cdrstream.sink.batch.size',
    kind: 'histogram',
    unit: '{record}',
    description: 'Records in a batch that was sent to a sink.',
    attributes: { sink },
    boundaries: [1, 10, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000],
  },
  writeDuration: {
    name: 'cdrstream.sink.write.duration',
    kind: 'histogram',
    unit: 's',
    description: 'How long a sink took to write a batch.',
    attributes: { sink, outcome: '`accepted`, `retry`, `failed`, or `thrown` for an error or a timeout' },
    boundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>
