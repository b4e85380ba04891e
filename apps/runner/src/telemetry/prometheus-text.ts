import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import type { MetricData, MetricDescriptor, ResourceMetrics } from '@opentelemetry/sdk-metrics'

/**
 * Returns the metrics in the text format of Prometheus. Names end with their unit, as OpenTelemetry specifies
 * and as Prometheus itself names metrics that it receives over OTLP; the serializer does not add it.
 */
export function prometheusText(metrics: ResourceMetrics): string {
  const scopeMetrics = metrics.scopeMetrics.map((scope) => ({ ...scope, metrics: scope.metrics.map(named) }))
  return new PrometheusSerializer(undefined, false, undefined, false, true).serialize({
    ...metrics,
    scopeMetrics,
  })
}

function named(metric: MetricData): MetricData {
  const { descriptor } = metric
  const name = withUnit(descriptor)
  // The comment about the unit is of OpenMetrics, where the unit is a word.
  return { ...metric, descriptor: { ...descriptor, name, unit: '' } }
}

const words: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes', '1': 'ratio' }

/** A unit in braces, such as `{record}`, says what is counted and is no part of the name. */
function withUnit({ name, unit }: MetricDescriptor): string {
  const word = words[unit]
  return word === undefined ? name : `${name}_${word}`
}
