import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { withUnit } from './prometheus-name.ts'

/**
 * Returns the metrics in the text format of Prometheus. The serializer does not add the unit to the names,
 * but Prometheus does when it receives metrics over OTLP: a metric must have one name, whichever way it
 * comes.
 */
export function prometheusText(metrics: ResourceMetrics): string {
  const scopeMetrics = metrics.scopeMetrics.map((scope) => ({ ...scope, metrics: scope.metrics.map(named) }))
  return new PrometheusSerializer(undefined, false, undefined, false, true).serialize({
    ...metrics,
    scopeMetrics,
  })
}

/** The comment about the unit is left out: in it, the unit would have to be a word. */
function named(metric: MetricData): MetricData {
  const { descriptor } = metric
  const { name, unit } = descriptor
  return { ...metric, descriptor: { ...descriptor, name: withUnit(name, unit), unit: '' } }
}
