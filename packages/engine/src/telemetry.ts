import {
  type Counter,
  type Gauge,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
} from '@opentelemetry/api'
import { engineMetrics } from './engine-metrics.ts'
import type { MetricDefinition } from './metric-definition.ts'

const created = new Map<string, Instrument>()
let createdBy: MeterProvider | undefined

type Instrument = Counter | Gauge | Histogram

type InstrumentOf<Definition extends MetricDefinition> = {
  readonly counter: Counter
  readonly gauge: Gauge
  readonly histogram: Histogram
}[Definition['kind']]

/**
 * Creates an instrument on first use, and again for each SDK that is registered, because an instrument
 * created before the SDK is registered never counts anything.
 */
function lazily(definition: MetricDefinition): Instrument {
  const registered = metrics.getMeterProvider()
  if (registered !== createdBy) {
    created.clear()
    createdBy = registered
  }
  const known = created.get(definition.name)
  if (known !== undefined) return known
  const instrument = create(registered.getMeter('cdrstream'), definition)
  created.set(definition.name, instrument)
  return instrument
}

function create(meter: Meter, { name, kind, unit, description, boundaries }: MetricDefinition): Instrument {
  const options = { description, ...(unit !== '' && { unit }) }
  switch (kind) {
    case 'counter':
      return meter.createCounter(name, options)
    case 'gauge':
      return meter.createGauge(name, options)
    case 'histogram': {
      const advice = boundaries && { explicitBucketBoundaries: [...boundaries] }
      return meter.createHistogram(name, { ...options, ...(advice && { advice }) })
    }
  }
}

/** The engine's instruments. Without an SDK in the process, they do nothing. */
export const telemetry = Object.defineProperties(
  {},
  Object.fromEntries(
    Object.entries(engineMetrics).map(([key, definition]) => [key, { get: () => lazily(definition) }]),
  ),
) as { readonly [Key in keyof typeof engineMetrics]: InstrumentOf<(typeof engineMetrics)[Key]> }
