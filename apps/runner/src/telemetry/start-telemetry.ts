import type { Logger } from '@cdrstream/plugin'
import { metrics, trace } from '@opentelemetry/api'
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { MeterProvider, type MetricReader, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { logExports } from './export-log.ts'
import { prometheusText } from './prometheus-text.ts'
import { ScrapeReader } from './scrape-reader.ts'
import type { TelemetrySettings } from './telemetry-variables.ts'

export interface TelemetryOptions {
  readonly settings: TelemetrySettings
  /** Whether `/metrics` is served. */
  readonly isScraped: boolean
  /** How many orgs and sinks there are. */
  readonly subjects: number
  readonly version: string
  readonly log: Logger
}

/** The running SDK. */
export interface Telemetry {
  /** Returns the metrics in the Prometheus text format. Undefined if a different SDK exports them. */
  readonly scrape: (() => Promise<string>) | undefined
  /** Whether this SDK exports the metrics. */
  readonly isForMetrics: boolean
  /** Sends the remaining metrics and traces. Never rejects. */
  shutdown(): Promise<void>
}

/** The maximum number of series that an org or a sink has for one metric. */
const seriesPerSubject = 50
const leastSeries = 2_000
const exportTimeoutMs = 10_000

/**
 * Starts the SDK, unless the user has loaded a different one, which then receives everything. Nothing is sent
 * twice.
 */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { settings, isScraped, subjects, version, log } = options
  const seriesPerMetric = Math.max(leastSeries, subjects * seriesPerSubject)
  const logging = logExports(log)
  const scraper = isScraped ? new ScrapeReader() : undefined
  const readers: MetricReader[] = scraper === undefined ? [] : [scraper]
  if (settings.metrics) readers.push(await pushingReader(settings.metricsEveryMs))
  // The user's OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence.
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'cdrstream', 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }))
  const meters = new MeterProvider({
    resource,
    readers,
    // Above this limit, the SDK merges a metric's series into one.
    views: [{ instrumentName: '*', aggregationCardinalityLimit: seriesPerMetric }],
  })
  const tracers = settings.traces ? await tracerProvider(resource) : undefined
  const isForMetrics = readers.length > 0 && metrics.setGlobalMeterProvider(meters)
  const isForTraces = tracers !== undefined && trace.setGlobalTracerProvider(tracers)
  if (readers.length > 0 && !isForMetrics) {
    log.info('another OpenTelemetry SDK is loaded and exports the metrics')
    await meters.shutdown()
  }
  if (tracers !== undefined && !isForTraces) {
    log.info('another OpenTelemetry SDK is loaded and exports the traces')
    await tracers.shutdown()
  }
  return {
    scrape: isForMetrics && scraper ? async () => prometheusText(await scraper.read()) : undefined,
    isForMetrics,
    shutdown: async () => {
      await Promise.allSettled([isForMetrics && meters.shutdown(), isForTraces && tracers.shutdown()])
      if (isForMetrics) metrics.disable()
      if (isForTraces) trace.disable()
      logging[Symbol.dispose]()
    },
  }
}

async function pushingReader(everyMs: number): Promise<MetricReader> {
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto')
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: everyMs,
    exportTimeoutMillis: Math.min(everyMs, exportTimeoutMs),
  })
}

async function tracerProvider(resource: Resource): Promise<BasicTracerProvider> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
  return new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
}
