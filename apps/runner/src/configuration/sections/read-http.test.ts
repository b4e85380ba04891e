import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate } from '@cdrstream-internal/certificates'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { builtInSinks } from '../../built-in-sinks.ts'
import { loadToCollect, loadToLook } from '../load-configuration.ts'
import { validateConfiguration } from '../validate-configuration.ts'
import { wordsOf } from '../words-of.ts'

const long = 'canary-0123456789'

let directory: string
beforeEach(() => {
  const created = mkdtempSync(join(tmpdir(), 'cdrstream-http-'))
  onTestFinished(() => rmSync(created, { recursive: true }))
  directory = created
})

function source(http: string, variables: Readonly<Record<string, string>> = {}) {
  const file = join(directory, 'cdrstream.yaml')
  writeFileSync(
    file,
    `
orgs: [{ name: acme, auth: { accessToken: token } }]
journal: { path: ./data/cdrstream.db }
sinks: [{ name: files, use: file, options: { directory: ./records } }]
${http}
`,
  )
  return { file, builtInSinks, variable: (name: string) => variables[name] }
}

async function configured(http: string, variables?: Readonly<Record<string, string>>) {
  const loaded = await loadToCollect(source(http, variables))
  if (loaded.kind === 'problems') throw new Error(loaded.lines.join('\n'))
  return loaded.configuration
}

async function problemsOf(http: string, variables?: Readonly<Record<string, string>>) {
  const loaded = await loadToCollect(source(http, variables))
  return loaded.kind === 'problems' ? loaded.lines.map((line) => line.replace(/^\S*yaml:/, '')) : []
}

describe('the section `http`', () => {
  test('is optional, and nothing is served without it', async () => {
    expect((await configured('')).http).toBeUndefined()
  })

  test('has defaults for a loopback address', async () => {
    expect((await configured('http: {}')).http).toEqual({
      host: '127.0.0.1',
      port: 9464,
      behindProxy: false,
      allowedHosts: [],
    })
  })

  test.each(['127.0.0.1', '127.8.8.8', 'localhost', '"::1"'])(
    'does not require a token on the loopback address %s',
    async (host) => {
      expect(await problemsOf(`http: { host: ${host}, port: 0 }`)).toEqual([])
    },
  )

  test.each(['0.0.0.0', '"::"', '10.0.0.1', 'collector.example', '127.0.0.1.example'])(
    'requires a token, and TLS or a proxy, on %s',
    async (host) => {
      expect(await problemsOf(`http: { host: ${host} }`)).toEqual([
        '5:7 http.token: expected a token, because http.host is not a loopback address, found nothing',
        expect.stringMatching(/^5:7 http: expected tls: .*, or behindProxy: true, .*, found neither$/),
      ])
      expect(await problemsOf(`http: { host: ${host}, behindProxy: true }`)).toEqual([
        expect.stringMatching(/ http\.token: expected a token, /),
      ])
      expect(await problemsOf(`http: { host: ${host}, token: ${long}, behindProxy: true }`)).toEqual([])
    },
  )

  test.each([
    ['a port that does not exist', '{ port: 70000 }', /^5:15 http\.port: .*0 to 65535, found 70000$/],
    ['a host with a port', '{ host: "127.0.0.1:80" }', /^5:15 http\.host: expected an IP address/],
    ['an unknown key', '{ prt: 1 }', /^5:9 http\.prt: unknown key, did you mean port\?/],
    ['a short token', '{ token: short }', /^5:16 http\.token: expected a token of at least 16 characters/],
    ['a token with a space', '{ token: "canary canary canary" }', /^5:16 http\.token: expected a token/],
    ['half of a certificate', '{ tls: { cert: a.pem } }', /^5:14 http\.tls\.key: /],
    ['a word for yes', '{ behindProxy: "yes" }', /^5:22 http\.behindProxy: expected true or false/],
    ['a URL as a host', '{ allowedHosts: ["https://a.example"] }', /^5:24 http\.allowedHosts\[0\]: /],
    ['a list', '[1]', /^5:7 http: expected a mapping/],
  ])('is rejected with one line for %s', async (_, http, line) => {
    const found = await problemsOf(`http: ${http}`)

    expect(found).toEqual([expect.stringMatching(line)])
    expect(found[0]).not.toContain('canary')
  })

  test('accepts variables for a token, a port and a boolean', async () => {
    const http = `http: { host: 0.0.0.0, port: "\${PORT}", token: "\${T}", behindProxy: "\${PROXY}" }`
    const { http: found } = await configured(http, { PORT: '8080', T: long, PROXY: 'true' })

    expect(found).toMatchObject({ port: 8080, behindProxy: true })
    expect(found?.token?.reveal()).toBe(long)
  })

  test("does not require the token's variable for `status` and `validate`", async () => {
    const given = source(`http: { host: 0.0.0.0, token: "\${T}", behindProxy: true }`)

    expect(loadToLook(given)).toMatchObject({ kind: 'configuration' })
    expect(await validateConfiguration(given)).toEqual({ problems: [], unchecked: ['http.token'] })
  })

  test('has a token that is removed from all output', async () => {
    const words = wordsOf(await configured(`http: { token: ${long} }`))
    expect(words(`found ${long}`)).toBe('found [secret]')
  })
})

describe('the files in `http.tls`', () => {
  const http = 'http: { tls: { cert: ./cert.pem, key: ./key.pem } }'

  async function write() {
    const { certificate, key } = await makeCertificate({ name: 'collector', hosts: ['localhost'] })
    writeFileSync(join(directory, 'cert.pem'), certificate)
    writeFileSync(join(directory, 'key.pem'), key, { mode: 0o600 })
  }

  test('are read at startup', async () => {
    await write()
    const { certificate, fileWarnings } = await configured(http)

    expect(certificate?.cert).toContain('BEGIN CERTIFICATE')
    expect(String(certificate?.key)).toBe('[secret]')
    expect(fileWarnings.filter(({ message }) => message.includes('.pem'))).toEqual([])
  })

  test('cause a warning if other users can read the key', async () => {
    await write()
    chmodSync(join(directory, 'key.pem'), 0o644)

    expect((await configured(http)).fileWarnings).toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('key.pem') }),
    )
  })

  test('are rejected if one is missing, is not PEM, or belongs to a different certificate', async () => {
    expect(await problemsOf(http)).toEqual([expect.stringMatching(/^5:22 http\.tls\.cert: .*cannot be read/)])
    await write()
    writeFileSync(join(directory, 'key.pem'), 'canary-key')
    expect(await problemsOf(http)).toEqual([
      expect.stringMatching(/^5:39 http\.tls\.key: .*no valid private key/),
    ])
    writeFileSync(join(directory, 'key.pem'), (await makeCertificate({ name: 'other' })).key)
    expect(await problemsOf(http)).toEqual([
      expect.stringMatching(/^5:39 http\.tls\.key: .*a different certificate$/),
    ])
    writeFileSync(join(directory, 'cert.pem'), 'none')
    expect(await problemsOf(http)).toEqual([
      expect.stringMatching(/^5:22 http\.tls\.cert: .*no valid certificate$/),
    ])
  })

  test('do not have to exist for `validate`', async () => {
    expect((await validateConfiguration(source(http))).problems).toEqual([])
  })
})
