import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { engineMetrics, type MetricDefinition } from '@cdrstream/engine'
import { describe, expect, onTestFinished, test } from 'vitest'
import { prometheusName } from '../src/telemetry/prometheus-name.ts'
import { processMetrics, signInMetrics, statusMetrics } from '../src/telemetry/runner-metrics.ts'
import { busyMix, type SimulatedApi, simulateApi } from './support/simulated-api.ts'
import { runCommand, type StartedCommand, type StartOptions, startCommand } from './support/start-command.ts'

const token = 'canary-http-0123456789'

function configure({ directory }: SimulatedApi, section: string): void {
  appendFileSync(join(directory, 'cdrstream.yaml'), `${section}\n`)
}

function run({ directory }: SimulatedApi, variables: StartOptions['variables'] = {}): StartedCommand {
  return startCommand(['run'], { directory, variables })
}

/** Waits until the collector serves HTTP, and returns its URL. */
async function urlOf({ err }: StartedCommand): Promise<string> {
  const find = () => /"url":"(http[^"]+)"/.exec(err())?.[1]
  await expect.poll(find).toBeDefined()
  return find() ?? ''
}

async function get(url: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(url, { headers })
  return { status: response.status, body: await response.text() }
}

async function collecting(section = 'http: { port: 0 }') {
  const api = await simulateApi({ seed: 3, recordsPerMinute: 20_000, mix: busyMix })
  configure(api, section)
  const collector = run(api)
  return { api, collector, url: await urlOf(collector) }
}

/** Returns the names and types of metrics in the Prometheus text format. */
function typesIn(text: string): ReadonlyMap<string, string> {
  return new Map(
    Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type = '']) => [name, type]),
  )
}

const definitions = [engineMetrics, statusMetrics, signInMetrics, processMetrics].flatMap(
  (group): readonly MetricDefinition[] => Object.values(group),
)
const prometheusNames = new Map(definitions.map((metric) => [prometheusName(metric), metric.kind]))

describe('a collector with `http`', () => {
  test('becomes ready, and serves its status, metrics and events until it stops', async () => {
    const { api, collector, url } = await collecting()
    await using _ = api
    await expect.poll(() => get(`${url}/readyz`).then(({ status }) => status)).toBe(200)
    await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(500)

    expect(await get(`${url}/healthz`)).toEqual({ status: 200, body: '{"status":"ok","loops":[]}' })
    const served = JSON.parse((await get(`${url}/api/status`)).body)
    const printed = JSON.parse((await runCommand(['status', '--json'], { directory: api.directory })).out)
    expect(Object.keys(served)).toEqual(Object.keys(printed))
    expect(Object.keys(served.orgs[0])).toEqual(Object.keys(printed.orgs[0]))
    expect(served.collector).toEqual(printed.collector)
    const { body: metrics } = await get(`${url}/metrics`)
    expect(metrics).toMatch(/^cdrstream_records_accepted_total\{org="acme"\} [1-9]/m)
    expect(metrics).toMatch(/^cdrstream_records_lateness_seconds_count\{org="acme"\} [1-9]/m)
    expect(metrics).toMatch(/^cdrstream_sink_state\{sink="files",state="(ok|catching-up)"\} 1$/m)
    const events = await fetch(`${url}/api/events`)
    const reader = events.body?.getReader()
    let received = ''
    await expect
      .poll(async () => {
        received += Buffer.from((await reader?.read())?.value ?? []).toString()
        return received
      })
      .toMatch(/event: committed\ndata: \{"items":\d+,"records":\d+/)
    collector.process.kill('SIGTERM')
    const { code, err } = await collector.ended

    expect(code).toBe(0)
    expect(`${received}${metrics}${err}`).not.toMatch(/canary|\+\d{10}/)
  })

  test('exports only metrics that the reference lists, with the listed types', async () => {
    const { api, collector, url } = await collecting()
    await using _ = api
    await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(100)
    const types = typesIn((await get(`${url}/metrics`)).body)
    collector.process.kill('SIGTERM')
    await collector.ended

    const unknown = [...types].filter(
      ([name, type]) => name !== 'target_info' && prometheusNames.get(name) !== type,
    )
    expect(unknown).toEqual([])
    // These require a token with a known expiry.
    const missing = [...prometheusNames.keys()].filter((name) => !types.has(name))
    expect(missing).toEqual(['cdrstream_access_token_left_seconds', 'cdrstream_refresh_token_left_seconds'])
  })

  test('is not ready while a sink is down, and reports the reason', async () => {
    const api = await simulateApi({ seed: 4, recordsPerMinute: 6_000 })
    await using _ = api
    configure(api, `http: { port: 0, token: ${token} }`)
    const collector = run(api)
    const url = await urlOf(collector)
    const bearer = { authorization: `Bearer ${token}` }
    await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(0)
    rmSync(join(api.directory, 'records'), { recursive: true })
    writeFileSync(join(api.directory, 'records'), 'not a directory')

    await expect.poll(() => get(`${url}/readyz`).then(({ status }) => status)).toBe(503)
    expect(await get(`${url}/readyz`)).toEqual({ status: 503, body: '{"status":"not-ready"}' })
    const { reasons } = JSON.parse((await get(`${url}/readyz`, bearer)).body)
    expect(reasons).toMatchObject([{ subject: 'sink', name: 'files', code: expect.any(String) }])
    expect((await get(`${url}/metrics`)).status).toBe(401)
    collector.process.kill('SIGTERM')
    expect((await collector.ended).err).not.toContain(token)
  })

  test('exits with code 2 and one line if the port is in use, without holding the journal', async () => {
    const api = await simulateApi({ seed: 5, recordsPerMinute: 60 })
    await using _ = api
    const taken = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await expect.poll(() => taken.listening).toBe(true)
    const { port } = taken.address() as AddressInfo
    configure(api, `http: { port: ${port} }`)
    const { code, err, out } = await run(api).ended

    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(
      new RegExp(`^http: port ${port} on 127\\.0\\.0\\.1 is in use by another process[^\\n]+\\n$`),
    )
    expect(existsSync(join(api.directory, 'records'))).toBe(false)
    taken.close()
    const collector = run(api)
    await urlOf(collector)
    collector.process.kill('SIGTERM')
    expect((await collector.ended).code).toBe(0)
  })
})

describe('OpenTelemetry:', () => {
  /** Receives OTLP requests and keeps their bodies as text. */
  async function receiver() {
    const received: { path: string; headers: unknown; text: string }[] = []
    const server = createServer(async (request, response) => {
      const text = (await buffer(request)).toString('latin1')
      received.push({ path: request.url ?? '', headers: request.headers, text })
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await expect.poll(() => server.listening).toBe(true)
    const { port } = server.address() as AddressInfo
    return { received, endpoint: `http://127.0.0.1:${port}` }
  }

  test('metrics and traces are sent to the endpoint in the standard variables', async () => {
    const { received, endpoint } = await receiver()
    const api = await simulateApi({ seed: 6, recordsPerMinute: 20_000 })
    await using _ = api
    const collector = run(api, {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${token}`,
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_SERVICE_NAME: 'calls',
    })
    const textOf = (path: string) =>
      received
        .filter((each) => each.path === path)
        .map(({ text }) => text)
        .join()
    await expect.poll(() => textOf('/v1/metrics')).toContain('cdrstream.records.delivered')
    await expect.poll(() => textOf('/v1/traces')).toContain('write batch')
    collector.process.kill('SIGTERM')
    const { code, err } = await collector.ended

    expect(code).toBe(0)
    expect(textOf('/v1/metrics')).toContain('calls')
    for (const name of ['read page', 'request', 'split', 'commit'])
      expect(textOf('/v1/traces')).toContain(name)
    expect(received[0]?.headers).toMatchObject({ authorization: `Bearer ${token}` })
    expect(received.map(({ text }) => text).join()).not.toMatch(/canary|\+\d{10}/)
    expect(err).not.toContain('canary')
  })

  test('a receiver that never responds delays neither collection nor exit', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1')
    onTestFinished(() => server.closeAllConnections())
    await expect.poll(() => server.listening).toBe(true)
    const { port } = server.address() as AddressInfo
    const api = await simulateApi({ seed: 6, recordsPerMinute: 6_000 })
    await using _ = api
    const collector = run(api, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_METRIC_EXPORT_INTERVAL: '200',
    })
    await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(0)
    const toldMs = performance.now()
    collector.process.kill('SIGTERM')

    expect((await collector.ended).code).toBe(0)
    expect(performance.now() - toldMs).toBeLessThan(10_000)
    server.close()
  })

  test('an unsupported protocol is reported in one line, with exit code 2', async () => {
    const api = await simulateApi({ seed: 6, recordsPerMinute: 60 })
    await using _ = api
    const { code, err } = await run(api, {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    }).ended

    expect(code).toBe(2)
    expect(err).toMatch(/^OTEL_EXPORTER_OTLP_PROTOCOL: expected http\/protobuf[^\n]+\n$/)
  })

  test('an SDK that the user loads with --import receives the metrics, and nothing is exported twice', async () => {
    const { received, endpoint } = await receiver()
    const api = await simulateApi({ seed: 6, recordsPerMinute: 6_000 })
    await using _ = api
    configure(api, 'http: { port: 0 }')
    const directory = mkdtempSync(join(tmpdir(), 'cdrstream-sdk-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const module = join(directory, 'telemetry.mjs')
    writeFileSync(module, userSdk)
    const collector = run(api, {
      NODE_OPTIONS: `--import=${module}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_TRACES_EXPORTER: 'none',
    })
    const url = await urlOf(collector)
    await expect.poll(collector.out).toContain('cdrstream.freshness')

    expect((await get(`${url}/metrics`)).status).toBe(404)
    expect(collector.err()).toContain('another OpenTelemetry SDK is loaded and exports the metrics')
    collector.process.kill('SIGTERM')
    expect((await collector.ended).code).toBe(0)
    expect(received).toEqual([])
  })
})

const userSdk = `
import { metrics } from ${JSON.stringify(import.meta.resolve('@opentelemetry/api'))}
import sdk from ${JSON.stringify(import.meta.resolve('@opentelemetry/sdk-metrics'))}
const reader = new sdk.PeriodicExportingMetricReader({
  exporter: new sdk.ConsoleMetricExporter(),
  exportIntervalMillis: 500,
  exportTimeoutMillis: 400,
})
metrics.setGlobalMeterProvider(new sdk.MeterProvider({ readers: [reader] }))
`
