import type { MetricDefinition } from '@cdrstream/engine'

const words: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes', '1': 'ratio' }

/**
 * Returns the name of a metric with its unit at the end, as OpenTelemetry specifies for Prometheus. A unit in
 * braces, such as `{record}`, says what is counted and is no part of the name.
 */
export function withUnit(name: string, unit: string): string {
  const word = words[unit]
  return word === undefined ? name : `${name}_${word}`
}

/** Returns the name that a metric has at `/metrics`. A histogram has series with further endings. */
export function prometheusName({
  name,
  unit,
  kind,
}: Pick<MetricDefinition, 'name' | 'unit' | 'kind'>): string {
  return `${withUnit(name.replaceAll('.', '_'), unit)}${kind === 'counter' ? '_total' : ''}`
}
