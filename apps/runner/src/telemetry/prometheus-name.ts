import type { MetricDefinition } from '@cdrstream/engine'

const words: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes', '1': 'ratio' }

/**
 * Appends the unit to a metric name, as OpenTelemetry specifies for Prometheus. A unit in braces, such as
 * `{record}`, only describes what is counted and is not part of the name.
 */
export function withUnit(name: string, unit: string): string {
  const word = words[unit]
  return word === undefined ? name : `${name}_${word}`
}

/** Returns a metric's name at `/metrics`. A histogram has several series with additional suffixes. */
export function prometheusName({
  name,
  unit,
  kind,
}: Pick<MetricDefinition, 'name' | 'unit' | 'kind'>): string {
  return `${withUnit(name.replaceAll('.', '_'), unit)}${kind === 'counter' ? '_total' : ''}`
}
