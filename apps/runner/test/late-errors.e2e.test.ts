import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { Diagnosis } from '../src/doctor/diagnosis.ts'
import { runCommand } from './support/start-command.ts'

const secrets = {
  password: 'canary-of-the-password',
  connection: 'Server=h;Password=canary-of-the-connection;x=1',
}

/** A sink that throws while nothing awaits it, or returns an issue, and quotes its options. */
const lateSink = `
const late = ({ password, connection }) => new Error(['LATE', password, ...connection.split(/[=;]/)].join(' '))
const validate = (value) => {
  if (value.how === 'issue') return { issues: [{ get message() { throw late(value) } }] }
  return value.how === 'path' ? { issues: [{ message: 'LATE', path: [value.password] }] } : { value }
}
const throwLate = (options) => new Promise(() => setImmediate(() => { throw late(options) }))
export default {
  cdrstream: 1,
  name: 'late',
  options: { '~standard': { version: 1, vendor: 'test', validate } },
  traits: { idempotence: 'key' },
  create: (options) => ({
    open: () => throwLate(options),
    async write() { return { kind: 'accepted' } },
    async check() {
      return options.how === 'level' ? [{ level: 'LATE', code: 'x', message: 'x' }] : throwLate(options)
    },
  }),
}
`

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  writeFileSync(join(directory, 'late.mjs'), lateSink)
  return () => rmSync(directory, { recursive: true })
})

function configure(how: string): void {
  const options = JSON.stringify({ how, ...secrets })
  writeFileSync(join(directory, `${how}.json`), options)
  writeFileSync(
    join(directory, 'cdrstream.yaml'),
    `orgs: [{ name: acme, auth: { accessToken: canary-of-the-token } }]
journal: { path: ./data/cdr.db }
sinks: [{ name: late, use: ./late.mjs, options: ${options} }]
webex: { baseUrl: "http://127.0.0.1:1/v1" }
`,
  )
}

const commands = {
  run: () => ['run', '--once'],
  doctor: () => ['doctor', '--no-wait'],
  certify: (how: string) => ['certify', './late.mjs', '--options-file', `${how}.json`, '--erase'],
}

test.each([
  ['run', 'late', 1],
  ['run', 'issue', 1],
  ['run', 'path', 2],
  ['doctor', 'late', 1],
  ['doctor', 'issue', 1],
  ['doctor', 'path', 2],
  ['certify', 'late', 1],
  ['certify', 'issue', 1],
  ['certify', 'path', 2],
] as const)('a sink error that ends `%s` (%s) shows no secret', async (command, how, expected) => {
  configure(how)

  const { code, out, err } = await runCommand(commands[command](how), { directory })

  expect(out + err).toContain('LATE')
  expect(out + err).not.toContain('canary')
  expect(code).toBe(expected)
})

test('a finding with an unknown level is reported as a sink problem', async () => {
  configure('level')

  const { out } = await runCommand(['doctor', '--no-wait', '--json'], { directory })

  const { checks } = JSON.parse(out) as Diagnosis
  expect(checks.filter(({ check }) => check === 'sink')).toMatchObject([
    { level: 'problem', code: 'check-failed' },
  ])
})
