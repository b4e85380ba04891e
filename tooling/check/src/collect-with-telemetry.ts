import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTimed } from './run-timed.ts'

const sdks = ['1.30.1', '2.12.1', '3.1.1']
const longestMs = 60_000

/** What the exporter prints once it has exported everything. */
const lastExport = 'exporter shut down'

/** The setup from docs/operations.md, with a different exporter. */
const setUp = `
import { metrics } from '@opentelemetry/api'
import { ConsoleMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'

const exporter = new ConsoleMetricExporter()
exporter.shutdown = async () => console.log('${lastExport}')
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 500, exportTimeoutMillis: 400 })
const provider = new MeterProvider({ readers: [reader] })
metrics.setGlobalMeterProvider(provider)
process.once('beforeExit', () => provider.shutdown())
`

/** Nothing listens at this address. The failed request is still counted. */
const configuration = `
orgs: [{ name: acme, auth: { accessToken: token } }]
journal: { path: ./data/cdrstream.db }
sinks: [{ name: files, use: file, options: { directory: ./records } }]
webex: { baseUrl: http://127.0.0.1:1/v1 }
`

const wanted = ['cdrstream.requests', 'cdrstream.sign_in.failing']

/**
 * Checks that an installed collector's metrics reach each major version of the OpenTelemetry SDK, including
 * those of its shutdown. The SDK is installed after the collector, as when a user adds metrics later. Throws
 * if they do not.
 */
export async function collectWithTelemetry(bin: string, installed: string): Promise<void> {
  const directory = join(installed, 'telemetry')
  mkdirSync(directory)
  writeFileSync(join(directory, 'telemetry.js'), setUp)
  writeFileSync(join(directory, 'cdrstream.yaml'), configuration)
  for (const sdk of sdks) {
    const name = `@opentelemetry/sdk-metrics@${sdk}`
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
    runTimed(`npm install ${name}`, 'npm', ['install', ...flags, name, '@opentelemetry/api'], installed)
    // With the old journal, the collector would wait for the rate limit.
    rmSync(join(directory, 'data'), { recursive: true, force: true })
    console.log(`metrics reach ${name}: ${await seconds(bin, directory)} s`)
  }
}

/**
 * Runs a collector until it has exported the expected metrics, and returns how many seconds that took. Throws
 * if it never does.
 */
function seconds(bin: string, directory: string): Promise<string> {
  const fromMs = performance.now()
  const child = spawn(process.execPath, ['--import', './telemetry.js', bin, 'run'], { cwd: directory })
  let printed = ''
  let isStopping = false
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), longestMs)
    const take = (chunk: Buffer) => {
      printed += chunk
      if (isStopping || !wanted.every((name) => printed.includes(name))) return
      // A second signal would end the process before the last export.
      isStopping = true
      child.kill('SIGTERM')
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('close', (code) => {
      clearTimeout(timer)
      const missing = [...wanted, lastExport].filter((name) => !printed.includes(name))
      if (code === 0 && missing.length === 0) resolve(((performance.now() - fromMs) / 1_000).toFixed(1))
      else reject(new Error(`exit code ${code}, missing in the output: ${missing.join(', ')}\n${printed}`))
    })
  })
}
