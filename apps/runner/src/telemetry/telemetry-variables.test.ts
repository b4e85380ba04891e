import { describe, expect, test } from 'vitest'
import { readTelemetryVariables } from './telemetry-variables.ts'

function read(variables: Readonly<Record<string, string>>) {
  return readTelemetryVariables((name) => variables[name])
}

const endpoint = 'http://127.0.0.1:4318'

describe('the OpenTelemetry variables', () => {
  test.each([
    [{}, false, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, true, true],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint }, true, false],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint }, false, true],
    [{ OTEL_METRICS_EXPORTER: 'otlp' }, true, false],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, false, true],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_EXPORTER: 'none' }, true, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' }, false, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false, false],
    [{ OTEL_SERVICE_NAME: 'calls' }, false, false],
  ])('%o send metrics: %s, traces: %s', (variables, metrics, traces) => {
    const { settings, problems } = read(variables as Record<string, string>)
    expect(settings).toMatchObject({ metrics, traces })
    expect(problems).toEqual([])
  })

  test.each([
    [{ OTEL_METRICS_EXPORTER: 'prometheus' }, /^OTEL_METRICS_EXPORTER: expected otlp or none, .*set `http`/],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /^OTEL_TRACES_EXPORTER: expected otlp or none/],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /^OTEL_EXPORTER_OTLP_PROTOCOL: expected http\/protobuf/,
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'canary:4318' }, /^OTEL_EXPORTER_OTLP_ENDPOINT: expected a URL/],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://me:canary@host' },
      /^OTEL_EXPORTER_OTLP_ENDPOINT: expected a URL/,
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRIC_EXPORT_INTERVAL: 'canary' },
      /^OTEL_METRIC_EXPORT_INTERVAL: expected a number/,
    ],
  ])('%o are reported as one line, without the value', (variables, line) => {
    const { problems } = read(variables as Record<string, string>)
    expect(problems).toEqual([expect.stringMatching(line)])
    expect(problems[0]).not.toMatch(/canary|\n/)
  })

  test('have secret headers, both as written and as sent', () => {
    const { secrets } = read({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20canary-1,x-key=canary%2D2',
    })
    expect(secrets.map((secret) => secret.reveal())).toEqual(
      expect.arrayContaining(['Bearer canary-1', 'canary-1', 'canary-2', 'canary%2D2']),
    )
  })
})
