import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { runCommand, startCommand } from './support/start-command.ts'

/**
 * Text that clears a screen, forges a line, reverses the writing direction and hides, in C0, C1 and beyond.
 */
const hostile =
  'HOSTILE \u001b[2J\u001b[1;1H\r\n{"level":"info","msg":"ok"}\n\u009b2J\u202eko\u2066\u2028\u200b\u0007 END'
const secrets = {
  accessToken: 'canary-access-token',
  password: 'pw7',
  apiKey: 'canary+api/key==',
}

/** Answers every request with an attacker's text in the status line, a header and the error body. */
async function hostileServer(): Promise<string> {
  const body = JSON.stringify({
    message: `${hostile} ${secrets.accessToken}`,
    errors: [{ description: hostile }],
  })
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => {
      const head = ['HTTP/1.1 400 Bad \u009b2J \u202e words', 'content-type: application/json']
      const headers = [...head, 'trackingid: HOSTILE\u009b2J', `content-length: ${Buffer.byteLength(body)}`]
      socket.end(`${headers.join('\r\n')}\r\nconnection: close\r\n\r\n${body}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

/** A sink that returns hostile text wherever it can, with the secrets from its options in several forms. */
const hostileSink = `
const validate = (value) => value.how === 'options'
  ? { issues: [{ message: value.hostile, path: ['how'] }] }
  : { value }
export default {
  cdrstream: 1,
  name: 'hostile',
  options: { '~standard': { version: 1, vendor: 'test', validate } },
  traits: { idempotence: 'key' },
  create: ({ how, hostile, apiKey, password }, { log }) => {
    const secrets = [apiKey, encodeURIComponent(apiKey), Buffer.from('u:' + apiKey).toString('base64'), JSON.stringify(apiKey)]
    const words = hostile + ' ' + secrets.join(' ') + ' u:' + password + '@host'
    const error = Object.assign(new Error(words), { name: words, code: words })
    log.warn(words, { [words]: words, error, list: [words], deep: { words } })
    return {
      async open() {
        if (how === 'fail') return { kind: 'failed', code: words, remedy: words, cause: error }
        if (how === 'throw') throw error
        return { kind: 'retry', cause: words }
      },
      async write() { return { kind: 'accepted' } },
      async check() {
        if (how === 'throw') throw error
        return [{ level: 'error', code: words, message: words }]
      },
    }
  },
}
`

function configuration(baseUrl: string, how: readonly string[]): string {
  const options = (each: string) =>
    JSON.stringify({ how: each, hostile, apiKey: secrets.apiKey, password: secrets.password }).replace(
      /[^ -~]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  return `orgs: [{ name: acme, auth: { accessToken: ${secrets.accessToken} } }]
journal: { path: "./data/cdr\\u202e.db" }
sinks:
${how.map((each) => `  - { name: ${each}s, use: ./hostile.mjs, options: ${options(each)} }`).join('\n')}
webex: { baseUrl: "${baseUrl}" }
`
}

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  writeFileSync(join(directory, 'hostile.mjs'), hostileSink)
  return () => rmSync(directory, { recursive: true })
})

/** Expects no control characters, and no line that begins with forged text. */
function expectHarmless(text: string): void {
  expect(text).not.toMatch(/[\p{Cc}--\n]|\p{Cf}|\p{Zl}|\p{Zp}/v)
  expect(text).not.toMatch(/^\{"level":"info","msg":"ok"\}/m)
  for (const secret of [
    secrets.accessToken,
    secrets.apiKey,
    encodeURIComponent(secrets.apiKey),
    'Y2FuYXJ5',
    'canary',
  ]) {
    expect(text).not.toContain(secret)
  }
  expect(text).not.toMatch(/\bpw7\b/)
}

test('hostile text from Webex, a sink or a file reaches neither log nor terminal unchanged', async () => {
  writeFileSync(
    join(directory, 'cdrstream.yaml'),
    configuration(await hostileServer(), ['fail', 'throw', 'retry']),
  )

  const collector = startCommand(['run', '--log-level', 'debug'], { directory })
  await expect.poll(() => collector.err().match(/HOSTILE/g)?.length ?? 0).toBeGreaterThan(8)
  await expect.poll(() => collector.err()).toMatch(/"org":"acme","code".*HOSTILE/)
  const status = await runCommand(['status'], { directory })
  collector.process.kill('SIGTERM')
  const ends = {
    run: await collector.ended,
    doctor: await runCommand(['doctor', '--no-wait'], { directory }),
    'doctor --json': await runCommand(['doctor', '--no-wait', '--json'], { directory }),
    status,
    'status --json': await runCommand(['status', '--json'], { directory }),
  }

  for (const { out, err } of Object.values(ends)) {
    expectHarmless(out)
    expectHarmless(err)
  }
  for (const line of ends.run.err.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level')
  expect(ends.doctor.out).toContain('HOSTILE')
  expect(JSON.parse(ends['doctor --json'].out).checks).toEqual(
    expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('HOSTILE') })]),
  )
})

test("a sink's message about its options is one harmless line", async () => {
  writeFileSync(join(directory, 'cdrstream.yaml'), configuration('http://127.0.0.1:1/v1', ['options']))

  const { code, err } = await runCommand(['run'], { directory })

  expect(code).toBe(2)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
  expectHarmless(err)
})
