import { Secret } from '../configuration/secret.ts'

/** The settings from the standard OpenTelemetry variables. */
export interface TelemetrySettings {
  /** Whether metrics are sent over OTLP. */
  readonly metrics: boolean
  /** Whether traces are sent over OTLP. */
  readonly traces: boolean
  readonly metricsEveryMs: number
}

export interface TelemetryReading {
  readonly settings: TelemetrySettings
  /** One line per problem, for the user. */
  readonly problems: readonly string[]
  /** Values that must not be printed. */
  readonly secrets: readonly Secret[]
}

type Variable = (name: string) => string | undefined

const usualMetricsEveryMs = 60_000
const headerVariables = ['', '_METRICS', '_TRACES'].map((signal) => `OTEL_EXPORTER_OTLP${signal}_HEADERS`)

/**
 * Reads the variables that determine whether anything is sent over OTLP. The exporters themselves read the
 * others, such as the endpoint.
 */
export function readTelemetryVariables(variable: Variable): TelemetryReading {
  const read = (name: string) => variable(name)?.trim() || undefined
  const secrets = headerVariables.flatMap((name) => headerSecrets(read(name)))
  const none = { metrics: false, traces: false, metricsEveryMs: usualMetricsEveryMs }
  if (read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return { settings: none, problems: [], secrets }
  const metrics = isSent('METRICS', read)
  const traces = isSent('TRACES', read)
  const interval = read('OTEL_METRIC_EXPORT_INTERVAL')
  const metricsEveryMs = interval === undefined ? usualMetricsEveryMs : Number(interval)
  const isInterval = Number.isInteger(metricsEveryMs) && metricsEveryMs >= 100 && metricsEveryMs <= 86_400_000
  const problems = [
    ...exporterProblems('METRICS', read),
    ...exporterProblems('TRACES', read),
    ...(metrics ? protocolProblems('METRICS', read) : []),
    ...(traces ? protocolProblems('TRACES', read) : []),
    ...(metrics ? endpointProblems('METRICS', read) : []),
    ...(traces ? endpointProblems('TRACES', read) : []),
    ...(metrics && !isInterval
      ? ['OTEL_METRIC_EXPORT_INTERVAL: expected a number of milliseconds from 100 to 86400000']
      : []),
  ]
  return { settings: { metrics, traces, metricsEveryMs }, problems: [...new Set(problems)], secrets }
}

type Signal = 'METRICS' | 'TRACES'

function isSent(signal: Signal, read: Variable): boolean {
  const exporter = read(`OTEL_${signal}_EXPORTER`)
  if (exporter !== undefined) return exporter === 'otlp'
  return [`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT'].some((name) => read(name))
}

function exporterProblems(signal: Signal, read: Variable): readonly string[] {
  const name = `OTEL_${signal}_EXPORTER`
  const exporter = read(name)
  if (exporter === undefined || exporter === 'otlp' || exporter === 'none') return []
  const hint = signal === 'METRICS' ? '; for Prometheus, set `http` in the configuration' : ''
  return [`${name}: expected otlp or none, found something else${hint}`]
}

function protocolProblems(signal: Signal, read: Variable): readonly string[] {
  const names = [`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL']
  const name = names.find((each) => read(each))
  if (name === undefined || read(name) === 'http/protobuf') return []
  return [`${name}: expected http/protobuf, which is the only supported protocol, found something else`]
}

function endpointProblems(signal: Signal, read: Variable): readonly string[] {
  const names = [`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT']
  const name = names.find((each) => read(each))
  if (name === undefined) return []
  const url = URL.parse(read(name) ?? '')
  const isUsable =
    url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  return isUsable
    ? []
    : [`${name}: expected a URL such as http://127.0.0.1:4318 without a login, found something else`]
}

/** Returns the values of headers, which are `name=value,name=value` with percent-encoded values. */
function headerSecrets(headers = ''): readonly Secret[] {
  const values = headers.split(',').map((header) => header.slice(header.indexOf('=') + 1).trim())
  const texts = values.flatMap((value) => [value, decoded(value)])
  // `Bearer TOKEN` and `Basic LOGIN`
  const parts = texts.flatMap((text) => [text, ...text.split(' ').slice(1)])
  return [...new Set(parts)].filter((text) => text.length >= 3).map((text) => new Secret(text))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
