import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { withUnit } from './prometheus-name.ts'

/**
 * Returns the metrics in the Prometheus text format. Adds the unit to each name, because the serializer does
 * not, but Prometheus does when it receives metrics over OTLP. A metric thus has the same name either way.
 */
export function prometheusText(metrics: ResourceMetrics): string {
  const scopeMetrics = metrics.scopeMetrics.map((scope) => ({ ...scope, metrics: scope.metrics.map(named) }))
  return new PrometheusSerializer(undefined, false, undefined, false, true).serialize({
    ...metrics,
    scopeMetrics,
  })
}

/** Omits the unit comment, which would require the unit as a word. */
function named(metric: MetricData): MetricData {
  const { descriptor } = metric
  const { name, unit } = descriptor
  return { ...metric, descriptor: { ...descriptor, name: withUnit(name, unit), unit: '' } }
}
