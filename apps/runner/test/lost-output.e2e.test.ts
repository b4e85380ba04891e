import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { busyMix, simulateApi } from './support/simulated-api.ts'
import { bin, startProgram } from './support/start-command.ts'

let directory: string
beforeEach(() => {
  const created = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  onTestFinished(() => rmSync(created, { recursive: true }))
  directory = created
  writeFileSync(
    join(directory, 'cdrstream.yaml'),
    `
orgs: [{ name: acme, auth: { accessToken: canary-token } }]
journal: { path: ./data/cdrstream.db }
sinks: [{ name: files, use: file, options: { directory: ./records } }]
webex: { baseUrl: "http://127.0.0.1:1/v1" }
`,
  )
  writeFileSync(
    join(directory, 'small-sink.mjs'),
    `
    export default {
      cdrstream: 1,
      name: 'small',
      options: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
      traits: { idempotence: 'none' },
      create: () => ({ open: async () => ({ kind: 'opened', session: { write: async () => ({ kind: 'accepted' }) } }) }),
    }
    `,
  )
})

/** Runs a shell command line in which `cdrstream` is the built command. */
function shell(line: string, at = directory) {
  const text = `cdrstream() { "${process.execPath}" "${bin}" "$@"; }; ${line}`
  return startProgram(['bash', '-o', 'pipefail', '-c', text], { directory: at })
}

const commands = [
  '--version',
  'run --help',
  'schema postgres',
  'new-sink my-sink',
  'doctor --json --no-wait',
  'certify ./small-sink.mjs --erase',
  'simulate',
]

describe('results that cannot be written', () => {
  test.each(commands)(
    'make `%s` print one line and exit with code 1',
    async (command) => {
      const { code, err } = await shell(`cdrstream ${command} > /dev/full`).ended
      expect(code).toBe(1)
      expect(err).not.toMatch(/\n\s+at /)
      expect(err.split('\n').filter((line) => line.includes('ENOSPC'))).toHaveLength(1)
    },
    120_000,
  )

  test('do not change the exit code of a command that failed anyway', async () => {
    writeFileSync(join(directory, 'cdrstream.yaml'), 'orgs: []')
    expect(await shell('cdrstream doctor > /dev/full').ended).toMatchObject({ code: 2 })
  })
})

describe('a reader that ends early', () => {
  test.each([
    ['schema postgres', 0],
    ['certify ./small-sink.mjs --erase', 1],
    ['doctor --json --no-wait', 1],
  ])('does not change the exit code of `%s`', async (command, code) => {
    const end = await shell(`cdrstream ${command} | head -c 1`).ended
    expect(end).toMatchObject({ code, err: '' })
  })
})

test('a collector whose log cannot be written keeps collecting', async () => {
  await using api = await simulateApi({ seed: 8, recordsPerMinute: 20_000, mix: busyMix })
  const collector = shell(`exec "${process.execPath}" "${bin}" run 2> /dev/full`, api.directory)
  await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(500)
  collector.process.kill('SIGTERM')
  expect(await collector.ended).toMatchObject({ code: 0, signal: null })
})
