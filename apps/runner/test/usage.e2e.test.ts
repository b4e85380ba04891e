import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bin, runCommand, startCommand } from './support/start-command.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
})
beforeEach(() => {
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true })
})
afterAll(() => rmSync(directory, { recursive: true }))

const good = `
orgs: [{ name: acme, auth: { accessToken: canary-token } }]
journal: { path: ./data/cdrstream.db }
sinks: [{ name: files, use: file, options: { directory: ./records } }]
`

/** Runs `cdrstream run` with this configuration. */
function run(yaml: string, variables: Readonly<Record<string, string>> = {}) {
  writeFileSync(join(directory, 'cdrstream.yaml'), yaml)
  return runCommand(['run', '--once'], { directory, variables })
}

describe('run exits with code 2 and one line, and starts nothing, because of', () => {
  test.each([
    ['an unknown key', good.replace('journal:', 'jurnal: 1\njournal:'), /^cdrstream\.yaml:3:1 jurnal: /],
    ['a wrong type', good.replace('acme', '[acme]'), /^cdrstream\.yaml:2:16 orgs\[0\]\.name: /],
    [
      'a missing variable',
      good.replace('canary-token', `"\${NO_SUCH}"`),
      /^cdrstream\.yaml:2:43 .* NO_SUCH is not set/,
    ],
    [
      'two orgs with the same name',
      good.replace('}]\n', '}, { name: acme, auth: { accessToken: x } }]\n'),
      /^cdrstream\.yaml:2:69 orgs\[1\]\.name: /,
    ],
    [
      'a bad region',
      good.replace('auth', 'region: mars, auth'),
      /^cdrstream\.yaml:2:30 orgs\[0\]\.region: .*"mars"$/m,
    ],
    [
      'a directory that cannot be written to',
      good.replace('./records', '/proc/nowhere/records'),
      /^cdrstream\.yaml:4:57 sinks\[0\]\.options\.directory: /,
    ],
    ['an empty file', '', /^cdrstream\.yaml:1:1 /],
  ])('%s', async (_, yaml, line) => {
    const { code, out, err } = await run(yaml)

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(line)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(readdirSync(directory)).toEqual(['cdrstream.yaml'])
  })

  test('a missing file', async () => {
    const { code, err } = await runCommand(['run'], { directory })

    expect(code).toBe(2)
    expect(err.trimEnd().split('\n')).toEqual([expect.stringMatching(/^cdrstream\.yaml: /)])
  })
})

test('with TLS verification switched off, nothing is started', async () => {
  const { code, err } = await run(good, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })

  expect(code).toBe(2)
  expect(err).toMatch(/^NODE_TLS_REJECT_UNAUTHORIZED: [^\n]+\n$/)
  expect(existsSync(join(directory, 'data'))).toBe(false)
})

test.each(['run --once', 'login'])('`%s` with an invalid proxy starts nothing', async (command) => {
  writeFileSync(join(directory, 'cdrstream.yaml'), good)
  const variables = { https_proxy: 'http://me:canary%zz@proxy.example:3128' }
  const { code, err } = await runCommand(command.split(' '), { directory, variables })

  expect(code).toBe(2)
  expect(err).toMatch(/^https_proxy: [^\n]+\n$/m)
  expect(err).not.toContain('canary')
  expect(existsSync(join(directory, 'data'))).toBe(false)
})

test('incorrect usage exits with code 2', async () => {
  expect(await runCommand(['collect'], { directory })).toMatchObject({ code: 2, out: '' })
  expect(await runCommand([], { directory })).toMatchObject({ code: 2, out: '' })
})

test('help and version go to standard output, with nothing else', async () => {
  expect(await runCommand(['--version'], { directory })).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    err: '',
  })
  expect(await runCommand(['run', '--help'], { directory })).toMatchObject({ code: 0, err: '' })
  expect(await runCommand(['help', 'run'], { directory })).toMatchObject({ code: 0, err: '' })
})

test('status without a journal reports that there is none', async () => {
  writeFileSync(join(directory, 'cdrstream.yaml'), good)

  const { code, err } = await runCommand(['status'], { directory })

  expect(code).toBe(1)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
  expect(readdirSync(directory)).toEqual(['cdrstream.yaml'])
})

test('a damaged journal is reported in one line and stays as it is', async () => {
  mkdirSync(join(directory, 'data'))
  writeFileSync(join(directory, 'data/cdrstream.db'), 'no database')

  const { code, err } = await run(good)

  expect(code).toBe(1)
  expect(err.trimEnd().split('\n')).toEqual([expect.stringContaining('data/cdrstream.db')])
  expect(readFileSync(join(directory, 'data/cdrstream.db'), 'utf8')).toBe('no database')
})

test('a second collector on a journal exits with code 2 and names the first', async () => {
  // Nothing answers at this URL, so the first collector retries until it is stopped.
  writeFileSync(join(directory, 'cdrstream.yaml'), `${good}webex: { baseUrl: "http://127.0.0.1:1/v1" }\n`)
  const first = startCommand(['run'], { directory })
  await expect.poll(first.err).toContain('"collecting"')

  const second = await runCommand(['run'], { directory })
  const status = await runCommand(['status', '--json'], { directory })

  expect(second.code).toBe(2)
  expect(second.err).toContain(`process ${first.process.pid} `)
  expect(second.err.trimEnd().split('\n')).toHaveLength(1)
  expect(JSON.parse(status.out).collector).toMatchObject({ pid: first.process.pid })
  first.process.kill('SIGTERM')
  const end = await first.ended
  expect(end.code).toBe(0)
  expect(end.err).not.toContain('canary')
})

test.each([
  ['is missing', undefined, 2, 'cdrstream is not built yet: run `turbo run build`\n'],
  ['is missing a package', "import 'no-such-package'", 1, expect.stringContaining("'no-such-package'")],
  ['fails', 'export const main = async () => { throw new Error("so it goes") }', 1, 'Error: so it goes\n'],
])('if the build %s, the message explains why cdrstream cannot start', (_, main, status, stderr) => {
  for (const name of ['bin', 'dist']) mkdirSync(join(directory, name))
  const copy = join(directory, 'bin/cdrstream.js')
  copyFileSync(bin, copy)
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  if (main !== undefined) writeFileSync(join(directory, 'dist/main.js'), main)
  expect(spawnSync(process.execPath, [copy, 'run'], { encoding: 'utf8' })).toMatchObject({
    status,
    stdout: '',
    stderr,
  })
})
