import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { builtInSinks } from '../../built-in-sinks.ts'
import { loadToCollect } from '../load-configuration.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-secrets-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const custom = `export default {
  cdrstream: 1,
  name: 'custom',
  options: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
  traits: { idempotence: 'none' },
  create: () => ({ write: async () => ({ kind: 'accepted' }) }),
}
`

/**
 * Returns the problems in a configuration with this sink, where `SECRET` is set and the file `secret` exists.
 */
async function problemsOf(
  sink: string,
  secret: string,
  auth = '{ accessToken: token }',
): Promise<readonly string[]> {
  const file = join(directory, 'cdrstream.yaml')
  writeFileSync(join(directory, 'secret'), secret)
  writeFileSync(join(directory, 'custom.mjs'), custom)
  writeFileSync(
    file,
    `orgs: [{ name: acme, auth: ${auth} }]\njournal: { path: ./data/cdrstream.db }\nsinks: [${sink}]\n`,
  )
  const variable = (name: string) => (name === 'SECRET' ? secret : undefined)
  const loaded = await loadToCollect({ file, builtInSinks, variable })
  const lines = loaded.kind === 'problems' ? loaded.lines : []
  expect(lines.join('\n')).not.toContain('canary')
  return lines.map((line) => line.replace(/^\S*cdrstream\.yaml\S* /, ''))
}

const search = (options: string) =>
  `{ name: search, use: elasticsearch, options: { nodes: ["http://localhost:9200"], ${options} } }`

/** Each secret that each kind of sink can have. */
const secrets: readonly (readonly [string, (secret: string) => string])[] = [
  ['sinks[0].options.apiKey', (secret) => search(`apiKey: "${secret}"`)],
  ['sinks[0].options.password', (secret) => search(`username: user, password: "${secret}"`)],
  [
    'sinks[0].options.url',
    (secret) =>
      `{ name: warehouse, use: postgres, options: { url: "postgres://user:${secret}@localhost/calls" } }`,
  ],
  [
    'sinks[0].fields.key',
    (secret) =>
      `{ name: files, use: file, fields: { numbers: hash, key: "${secret}" }, options: { directory: ./records } }`,
  ],
  [
    'sinks[0].options.webhookUrl',
    (secret) => `{ name: own, use: ./custom.mjs, options: { webhookUrl: "https://example.com/${secret}" } }`,
  ],
]

describe.each(secrets)('the secret at %s', (path, sinkOf) => {
  test.each([
    ['a variable', '\n', `\${SECRET}`, 'canary-of-a-good-length\n'],
    ['a file with two trailing line breaks', '\n\n', `\${file:secret}`, 'canary-of-a-good-length\n\n'],
    ['a variable from Windows', '\r\n', `\${SECRET}`, 'canary-of-a-good-length\r\n'],
    [
      'a file that begins with a byte order mark',
      'BOM',
      `\${file:secret}`,
      '\uFEFFcanary-of-a-good-length\n',
    ],
    ['a variable with a zero-width space', 'ZWSP', `\${SECRET}`, 'canary-of-\u200Ba-good-length'],
    ['the configuration itself', '\\n', 'canary-of-a-good-length\\n', ''],
  ])(
    'is a configuration error that names the key when it comes from %s (%j)',
    async (_, __, written, value) => {
      const lines = await problemsOf(sinkOf(written), value)
      expect(lines.filter((line) => line.startsWith(`${path}: `))).toHaveLength(1)
    },
  )

  test('is valid if its file ends with one line break', async () => {
    expect(await problemsOf(sinkOf(`\${file:secret}`), 'canary-of-a-good-length\n')).toEqual([])
  })
})

test.each([
  `{ accessToken: "\${SECRET}" }`,
  `{ clientId: id, clientSecret: "\${SECRET}", refreshToken: token }`,
])('an org with %s rejects a secret with a line break or a byte order mark', async (auth) => {
  const sink = '{ name: files, use: file, options: { directory: ./records } }'
  for (const secret of ['canary-token\n', '\uFEFFcanary-token', 'canary\ntoken'])
    expect(await problemsOf(sink, secret, auth)).toHaveLength(1)
  expect(await problemsOf(sink, 'canary-token', auth)).toEqual([])
})

test('a multi-line secret is an error for a built-in sink, and valid for a custom sink', async () => {
  const lines = 'canary-first\ncanary-second'
  expect(await problemsOf(search(`apiKey: "\${SECRET}"`), lines)).toHaveLength(1)
  const own = (written: string) => `{ name: own, use: ./custom.mjs, options: { privateKey: ${written} } }`
  expect(await problemsOf(own(`"\${SECRET}"`), lines)).toEqual([])
  expect(await problemsOf(own(`"\${SECRET}"`), `${lines}\n`)).toHaveLength(1)
  expect(await problemsOf(own(`"\${SECRET}"`), '-----BEGIN KEY-----\ncanary\n-----END KEY-----\n')).toEqual(
    [],
  )
})

test("a byte order mark is found wherever a file's content is substituted", async () => {
  const sink = `{ name: own, use: ./custom.mjs, options: { query: "\${file:secret}" } }`
  expect(await problemsOf(sink, '\uFEFFselect 1\n')).toHaveLength(1)
  expect(await problemsOf(sink, 'select 1;\n\nselect 2\n\n')).toEqual([])
})
