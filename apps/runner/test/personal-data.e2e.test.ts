import { createHmac } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { simulatedConfiguration } from '../src/simulate/simulated-configuration.ts'
import { terms } from './support/simulated-api.ts'
import { runCommand, startCommand } from './support/start-command.ts'

const maskingKey = 'canary-key-of-masking'
const person = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6'
/** Text that no output may contain. */
const canaries = /4915559012|canary|27182818|10\.99\.88\.77|clinic|f81d4fae/i

/** Returns the text, and its digits without separators. */
function expectNoCanary(text: string): void {
  expect(text).not.toMatch(canaries)
  expect(text.replaceAll(/(?<=\d)[-. ()/]+(?=\d)/g, '')).not.toContain('4915559012')
}

function record(at: number): Readonly<Record<string, unknown>> {
  return {
    'Report ID': `report-${at}`,
    'Start time': new Date().toISOString(),
    'Calling number': `+4915559012${at}00`,
    'CALLED NUMBER': `+4915559012${at}01`,
    'Called line ID': 'Kay Canary',
    User: 'Kay Canary',
    'User UUID': person,
    'Call ID': 'x@10.99.88.77',
    'Original reason': `ExplicitId4915559012${at}02`,
    'Transfer type context': 'a clinic',
    'Authorization code': '27182818',
    Location: 'Berlin',
  }
}

/** Answers the first matching request with records and an invalid item. Also serves sign-ins. */
async function canaryApi() {
  const items = [...Array.from({ length: 8 }, (_, at) => record(at)), 'Kay Canary, +491555901299']
  let shown = false
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.method === 'POST') {
      const tokens = { access_token: 'canary-access', expires_in: 1_000, refresh_token: 'canary-new-refresh' }
      response.end(JSON.stringify({ ...tokens, refresh_token_expires_in: 100_000, token_type: 'Bearer' }))
      return
    }
    response.end(JSON.stringify({ items: shown ? [] : items }))
    shown = true
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A sink that quotes the records in everything it reports. */
const quotingSink = `
let calls = 0
const quote = (value) => {
  const text = String(value)
  const separated = text.replace(/\\d{3}/g, '$&-')
  return [text, text.toUpperCase(), separated, encodeURIComponent(text), text.normalize('NFD')].join(' | ')
}
const validate = (value) => ({ value })
export default {
  cdrstream: 1,
  name: 'quoting',
  options: { '~standard': { version: 1, vendor: 'test', validate } },
  traits: { idempotence: 'key' },
  create: ({ how }) => ({
    async write({ records }) {
      const [{ text, fields }] = records
      calls += 1
      if (how === 'throw' && calls === 1) throw new Error('no room for ' + quote(text))
      if (how === 'fail') return { kind: 'failed', code: 'quoting', remedy: 'fix ' + quote(fields.user), cause: quote(text) }
      if (how === 'reject') return { kind: 'rejected', reason: 'cannot take ' + quote(fields.calling_number) }
      return { kind: 'accepted', refused: [{ index: 0, reason: quote(fields.user) + ' is no user' }] }
    },
  }),
}
`

function filesIn(directory: string) {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name)
    const { mode } = statSync(path)
    return { path, isFile: entry.isFile(), mode: (mode & 0o777).toString(8) }
  })
}

function publishedLines(directory: string): readonly Readonly<Record<string, unknown>>[] {
  return filesIn(join(directory, 'records'))
    .filter(({ path }) => path.endsWith('.ndjson') && !path.includes('.work'))
    .flatMap(({ path }) => readFileSync(path, 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line))
}

test('personal data that a sink must not receive is in no file, log, status or error, and files are private to their owner', async () => {
  const api = await canaryApi()
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const signIn = { clientId: 'client', clientSecret: 'canary-client', refreshToken: 'canary-refresh' }
  const configuration = simulatedConfiguration({
    baseUrl: `${api}/v1`,
    tokenUrl: `${api}/v1/access_token`,
    orgs: [{ name: 'acme', signIn }],
    terms,
    start: '5s',
    publishAfter: '1s',
    directories: { data: './data', records: './records' },
  })
  const fields = `
    fields:
      key: "\${MASKING_KEY}"
      numbers: { mask: 4 }
      names: drop
      identifiers: hash
      addresses: drop
      context: drop
`
  const quoting = ['throw', 'fail', 'reject', 'refuse'].map(
    (how) => `  - { name: ${how}s, use: ./quoting.mjs, options: { how: ${how} } }\n`,
  )
  writeFileSync(join(directory, 'quoting.mjs'), quotingSink)
  writeFileSync(
    join(directory, 'cdrstream.yaml'),
    configuration
      .replace(
        / {2}- \{ name: files, use: file, (options: .*) \}\n/,
        `  - name: files\n    use: file\n    $1${fields}`,
      )
      .replace('sinks:\n', `sinks:\n${quoting.join('')}`),
  )
  const options = { directory, variables: { MASKING_KEY: maskingKey }, umask: '0' }

  const killed = startCommand(['run', '--log-level', 'debug'], options)
  await expect.poll(() => killed.err()).toContain('"quoting"')
  await expect.poll(() => quarantined(directory), { interval: 300 }).toBe(1 + 8 + 1 + 1)
  await expect.poll(() => publishedLines(directory).length).toBe(8)
  killed.process.kill('SIGKILL')
  const first = await killed.ended
  const left = filesIn(directory).filter(({ path }) => /\/(data|records)(\/|$)/.test(path))
  const again = await runCommand(['run', '--once', '--log-level', 'debug'], options)
  const outputs = [await runCommand(['status'], options), await runCommand(['status', '--json'], options)]

  for (const end of [first, again, ...outputs]) expectNoCanary(end.out + end.err)
  const lines = publishedLines(directory)
  expect(JSON.stringify(lines)).not.toMatch(canaries)
  expect(lines.map((line) => line['Report ID']).sort()).toEqual(
    Array.from({ length: 8 }, (_, at) => `report-${at}`),
  )
  expect(lines.find((line) => line['Report ID'] === 'report-7')).toMatchObject({
    'Calling number': '+*********2700',
    'CALLED NUMBER': '+*********2701',
    'Original reason': 'ExplicitId*********2702',
    User: '',
    'Called line ID': '',
    'User UUID': createHmac('sha256', maskingKey).update(person).digest('hex'),
    'Call ID': '',
    'Transfer type context': '',
    'Authorization code': '',
    Location: 'Berlin',
  })
  expect(left.map(({ path }) => path.slice(directory.length + 1))).toEqual(
    expect.arrayContaining([
      'data/cdrstream.db',
      'data/cdrstream.db-wal',
      'data/cdrstream.db.lock',
      'data/sign-in/acme.json',
    ]),
  )
  expect(left.filter(({ isFile, mode }) => mode !== (isFile ? '600' : '700'))).toEqual([])
})

async function quarantined(directory: string): Promise<number> {
  const { out } = await runCommand(['status', '--json'], { directory })
  return JSON.parse(out).journal.quarantined
}
