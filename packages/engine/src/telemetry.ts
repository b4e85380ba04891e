import { type Meter, type MeterProvider, metrics } from '@opentelemetry/api'

const created = new Map<string, unknown>()
let createdBy: MeterProvider | undefined

/**
 * Creates an instrument on first use, and again for each SDK that is registered, because an instrument
 * created before the SDK is registered never counts anything.
 */
function lazily<Instrument>(name: string, create: (meter: Meter) => Instrument): Instrument {
  const registered = metrics.getMeterProvider()
  if (registered !== createdBy) {
    created.clear()
    createdBy = registered
  }
  const known = created.get(name) as Instrument | undefined
  if (known !== undefined) return known
  const instrument = create(registered.getMeter('cdrstream'))
  created.set(name, instrument)
  return instrument
}

function counter(name: string, description: string) {
  return lazily(name, (meter) => meter.createCounter(name, { description }))
}

function gauge(name: string, description: string, unit?: string) {
  return lazily(name, (meter) => meter.createGauge(name, { description, ...(unit && { unit }) }))
}

/**
 * The engine's metrics. They do nothing without an SDK in the process. Their names are a public contract
 * (README.md).
 */
export const telemetry = {
  get requests() {
    return counter('cdrstream.requests', 'Requests that were answered or given up, by org, kind and outcome')
  },
  get itemsRead() {
    return counter('cdrstream.items.read', 'Items in the pages of the API, by org')
  },
  get recordsAccepted() {
    return counter(
      'cdrstream.records.accepted',
      'Records and revisions that were new and are in the journal, by org',
    )
  },
  get itemsQuarantined() {
    return counter(
      'cdrstream.items.quarantined',
      'Items that cannot be records, or that a sink refused, by org or sink',
    )
  },
  get recordsDelivered() {
    return counter('cdrstream.records.delivered', 'Records that a sink made durable, by sink')
  },
  get behindHeadSeconds() {
    return gauge(
      'cdrstream.head.behind',
      'How far the newest reading is behind the newest readable second, by org',
      's',
    )
  },
  get credentialShared() {
    return gauge(
      'cdrstream.credential.shared',
      'Whether another program seems to use the credential, 1 or 0, by org',
    )
  },
  get gapSeconds() {
    return gauge('cdrstream.gaps', 'Insertion time that is no longer available from the stream, by org', 's')
  },
} as const
