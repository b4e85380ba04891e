import { readFileSync } from 'node:fs'
import { engineMetrics, type MetricDefinition } from '@cdrstream/engine'
import { expect, test } from 'vitest'
import { renderMetricsReference } from '../../scripts/metrics-reference/render-metrics-reference.ts'
import { prometheusName } from './prometheus-name.ts'
import { processMetrics, signInMetrics, statusMetrics } from './runner-metrics.ts'

const reference = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8')
const definitions = [engineMetrics, statusMetrics, signInMetrics, processMetrics].flatMap(
  (group): readonly MetricDefinition[] => Object.values(group),
)

test('docs/metrics.md matches the metric definitions (to update it: pnpm --filter cdrstream generate)', () => {
  expect(reference).toBe(renderMetricsReference())
})

test.each(definitions)('$name is listed once', (metric) => {
  expect(reference.split(`| \`${metric.name}\`<br>\`${prometheusName(metric)}\` |`)).toHaveLength(2)
})

test('no name is a prefix of another name, as OpenTelemetry requires', () => {
  const names = definitions.map(({ name }) => name)
  expect(names.filter((name) => names.some((other) => other.startsWith(`${name}.`)))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/)
})
