import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { bin, type StartedCommand, signalGroup, startCommand, startProgram } from './support/start-command.ts'

const repository = new URL('../../../', import.meta.url)

let directory: string
beforeEach(() => {
  const created = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  onTestFinished(() => rmSync(created, { recursive: true }))
  directory = created
  configure('{ name: files, use: file, options: { directory: ./records } }')
})

/** Nothing answers at this API's URL, so the collector retries until it is stopped. */
function configure(sink: string): void {
  writeFileSync(
    join(directory, 'cdrstream.yaml'),
    `
orgs: [{ name: acme, auth: { accessToken: canary-token } }]
journal: { path: ./data/cdrstream.db }
sinks: [${sink}]
webex: { baseUrl: "http://127.0.0.1:1/v1" }
`,
  )
}

async function collecting(command: StartedCommand): Promise<StartedCommand> {
  await expect.poll(command.err).toContain('"collecting"')
  return command
}

/** Starts the collector under npm and the bootstrap, as `npm run cdrstream -- run` does. */
function fromNpm(): Promise<StartedCommand> {
  writeFileSync(
    join(directory, 'launch.mjs'),
    `
    import { runInPlace } from ${JSON.stringify(new URL('tooling/bootstrap/run-in-place.mjs', repository))}
    const args = [${JSON.stringify(bin)}, ...process.argv.slice(2)]
    process.exitCode = await runInPlace(process.execPath, args, { cwd: process.cwd(), env: process.env })
    `,
  )
  const { cdrstream } = JSON.parse(readFileSync(new URL('package.json', repository), 'utf8')).scripts
  const scripts = { cdrstream: cdrstream.replace('tooling/bootstrap/bootstrap.mjs command', 'launch.mjs') }
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ scripts }))
  return collecting(startProgram(['npm', 'run', '--silent', 'cdrstream', '--', 'run'], { directory }))
}

function messages(log: string): readonly string[] {
  return log
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).msg)
}

describe('a collector exits cleanly with code 0', () => {
  test.each([
    ['SIGTERM to every process in the group, from npm', fromNpm, signalGroup, 'SIGTERM'],
    ['SIGINT to every process in the group, from npm', fromNpm, signalGroup, 'SIGINT'],
    ['SIGTERM to npm alone', fromNpm, signalOne, 'SIGTERM'],
    ['SIGINT to npm alone', fromNpm, signalOne, 'SIGINT'],
    ['SIGTERM to itself', alone, signalOne, 'SIGTERM'],
    ['two simultaneous SIGTERMs to itself', alone, signalTwice, 'SIGTERM'],
  ] as const)(
    'on %s',
    async (_, start, send, signal) => {
      const collector = await start()
      send(collector.process, signal)
      const { code, signal: endedBy, err } = await collector.ended
      expect({ code, endedBy }).toEqual({ code: 0, endedBy: null })
      expect(messages(err).filter((message) => message === 'stopping')).toHaveLength(1)
      expect(messages(err)).toContain('ended')
    },
    40_000,
  )
})

test('a collector outlives its terminal: SIGHUP only reloads the configuration', async () => {
  const collector = await alone()
  collector.process.kill('SIGHUP')
  await expect.poll(collector.err).toContain('configuration reloaded')
  collector.process.kill('SIGTERM')
  expect(await collector.ended).toMatchObject({ code: 0, signal: null })
})

test('a second signal kills a collector that cannot stop yet', async () => {
  writeFileSync(
    join(directory, 'stuck-sink.mjs'),
    `
    export default {
      cdrstream: 1,
      name: 'stuck',
      options: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
      traits: { idempotence: 'key' },
      create: () => ({ open: () => new Promise(() => {}) }),
    }
    `,
  )
  configure('{ name: stuck, use: ./stuck-sink.mjs }')
  const collector = await alone()
  const askAgain = () => {
    collector.process.kill('SIGTERM')
    return collector.process.exitCode
  }
  await expect.poll(askAgain, { timeout: 8_000, interval: 100 }).toBe(1)
  expect(messages((await collector.ended).err)).not.toContain('ended')
})

function alone(): Promise<StartedCommand> {
  return collecting(startCommand(['run'], { directory }))
}

function signalOne(process: StartedCommand['process'], signal: NodeJS.Signals): void {
  process.kill(signal)
}

function signalTwice(process: StartedCommand['process'], signal: NodeJS.Signals): void {
  process.kill(signal)
  process.kill(signal)
}
