import { metrics } from '@opentelemetry/api'

// Without an SDK in the process these do nothing.
const meter = metrics.getMeter('cdrstream')

/** What the engine counts; the names are part of what a user can rely on (README.md). */
export const telemetry = {
  requests: meter.createCounter('cdrstream.requests', {
    description: 'Requests that were answered or given up, by org, kind and outcome',
  }),
  itemsRead: meter.createCounter('cdrstream.items.read', {
    description: 'Items in the pages of the API, by org',
  }),
  recordsAccepted: meter.createCounter('cdrstream.records.accepted', {
    description: 'Records and revisions that were new and are in the journal, by org',
  }),
  itemsQuarantined: meter.createCounter('cdrstream.items.quarantined', {
    description: 'Items that cannot be records, or that a sink refused, by org or sink',
  }),
  recordsDelivered: meter.createCounter('cdrstream.records.delivered', {
    description: 'Records that a sink made durable, by sink',
  }),
  behindHeadSeconds: meter.createGauge('cdrstream.head.behind', {
    description: 'How far the newest reading is behind what could be read, by org',
    unit: 's',
  }),
  credentialShared: meter.createGauge('cdrstream.credential.shared', {
    description: 'Whether someone else seems to use the credential too, 1 or 0, by org',
  }),
  gapSeconds: meter.createGauge('cdrstream.gaps', {
    description: 'Insertion time that the stream can no longer give, by org',
    unit: 's',
  }),
} as const
