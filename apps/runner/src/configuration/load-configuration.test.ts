import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultTerms } from '@cdrstream/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { BuiltInSinks } from '../sinks/find-sink.ts'
import type { CollectConfiguration, Configuration, OrgAuth } from './configuration.ts'
import { type Loaded, loadToCollect, loadToLook, type SinkSource } from './load-configuration.ts'

/** A built-in sink `file` with these options. */
function sinkWith(options: z.ZodType): BuiltInSinks {
  const plugin = {
    cdrstream: 1,
    name: 'file',
    options,
    traits: { idempotence: 'position' },
    create: () => ({ write: async () => ({ kind: 'accepted' }) }),
  }
  return new Map([['file', async () => ({ default: plugin })]])
}

const fileSink = sinkWith(
  z.strictObject({ directory: z.string('expected text'), code: z.string().optional() }),
)

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-configuration-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const variables: Readonly<Record<string, string>> = {
  TOKEN: 'canary-token',
  EMPTY: '',
  REGION: 'canary-region',
}

function load(
  text: string | Uint8Array,
  more: Partial<SinkSource> = {},
): Promise<Loaded<CollectConfiguration>> {
  const file = join(directory, 'cdrstream.yaml')
  writeFileSync(file, text)
  return loadToCollect({ file, builtInSinks: fileSink, variable: (name) => variables[name], ...more })
}

/** Returns the problem lines, without the file's path. */
async function problemsOf(
  text: string | Uint8Array,
  more: Partial<SinkSource> = {},
): Promise<readonly string[]> {
  const loaded = await load(text, more)
  return loaded.kind === 'problems'
    ? loaded.lines.map((line) => line.replace(/^\S*cdrstream\.yaml:?/, ''))
    : []
}

async function configurationOf(text: string, more: Partial<SinkSource> = {}) {
  const loaded = await load(text, more)
  if (loaded.kind === 'problems') throw new Error(loaded.lines.join('\n'))
  return loaded.configuration
}

/** Returns an org's sign-in with its secrets. */
function shownAuth({ auth }: { readonly auth: OrgAuth }) {
  switch (auth.kind) {
    case 'access-token':
      return auth.accessToken.reveal()
    case 'client': {
      const { clientId, clientSecret, refreshToken, tokenUrl } = auth
      return [clientId, clientSecret.reveal(), refreshToken?.reveal(), tokenUrl]
    }
  }
}

/** Returns a configuration that is valid apart from the given parts. */
function sample(
  parts: { org?: string; orgs?: string; journal?: string; sinks?: string; rest?: string } = {},
) {
  return `orgs:
  - name: acme
    auth: { accessToken: "\${TOKEN}" }
    ${parts.org ?? ''}
${parts.orgs ?? ''}
journal: ${parts.journal ?? '{ path: ./data/cdrstream.db }'}
sinks: ${parts.sinks ?? '[{ name: files, use: file, options: { directory: ./records } }]'}
${parts.rest ?? ''}`
}

describe('a valid configuration', () => {
  test('needs only orgs, journal.path and sinks', async () => {
    const { orgs, journal, sinks, terms } = await configurationOf(sample())

    expect(terms).toEqual(defaultTerms)
    expect(orgs).toMatchObject([
      {
        name: 'acme',
        credential: 'acme',
        baseUrl: 'https://analytics-calling.webexapis.com/v1',
        locations: [],
        reachMs: 43_200_000,
      },
    ])
    expect(orgs.map(shownAuth)).toContain('canary-token')
    expect(journal).toEqual({
      path: join(directory, 'data/cdrstream.db'),
      keepMs: 2_678_400_000,
      maxBytes: 20e9,
      minFreeDiskBytes: 512e6,
    })
    expect(sinks).toMatchObject([{ name: 'files', from: 'earliest' }])
  })

  test('can have every key in the reference', async () => {
    const configuration = await configurationOf(`
orgs:
  - { name: a, auth: { accessToken: t }, region: eu, locations: [Berlin, "New York"], start: 1h }
  - { name: b, auth: { accessToken: u }, region: gov }
  - { name: c, formerly: d, auth: { accessToken: t } }
journal: { path: /tmp/cdrstream.db, keep: 2d, maxBytes: 1GB, minFreeDisk: 1MB }
sinks:
  - { name: f, use: file, from: now, options: { directory: records } }
  - { name: g, use: file, from: 2026-11-01T01:00:00+01:00, options: { directory: others } }
webex:
  tokenUrl: https://webexapis.com/v1/access_token
  allowedHosts: [proxy.example.com, "proxy.example.com:8443"]
  pageSize: 500
  initialRequests: { count: 2, per: 1s }
  pageRequests: { count: 20, per: 2s }
  stream: { settle: 1s, retention: 60s, maxWindow: 10s }
  feed: { settle: 5s, retention: 30m, maxWindow: 12s }
`)
    expect(configuration.orgs).toMatchObject([
      {
        baseUrl: 'https://analytics-calling-eu.webexapis.com/v1',
        locations: ['Berlin', 'New York'],
        reachMs: 3_600_000,
      },
      // Without `start`, everything that the stream still has.
      { baseUrl: 'https://analytics-calling-gov.webexapis.com/v1', credential: 'b', reachMs: 60_000 },
      { credential: 'a', formerly: 'd' },
    ])
    expect(configuration.journal).toMatchObject({ path: '/tmp/cdrstream.db', keepMs: 172_800_000 })
    expect(configuration.sinks).toMatchObject([{ from: 'now' }, { from: Date.UTC(2026, 10, 1) }])
    expect(configuration.terms).toEqual({
      pageSize: 500,
      initialRequests: { count: 2, perMs: 1_000 },
      pageRequests: { count: 20, perMs: 2_000 },
      stream: { settleMs: 1_000, retentionMs: 60_000, maxWindowMs: 10_000 },
    })
  })

  test('can name a loopback address without TLS, which applies to every region', async () => {
    for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:1']) {
      const { orgs } = await configurationOf(
        sample({ org: 'region: eu', rest: `webex: { baseUrl: "http://${host}/v1/" }` }),
      )
      expect(orgs[0]?.baseUrl).toBe(`http://${host}/v1`)
    }
  })

  test('reads text from files, relative to its directory, without the trailing line break', async () => {
    writeFileSync(join(directory, 'token'), 'from-a-file\n')
    const { orgs } = await configurationOf(sample().replace(/\$\{TOKEN\}/, `\${file:token}`))

    expect(orgs.map(shownAuth)).toContain('from-a-file')
  })

  test('can take a number or a boolean from a variable, including in sink options', async () => {
    const options = z.strictObject({ port: z.int('expected a port'), plain: z.boolean(), text: z.string() })
    const sinks = `[{ name: f, use: file, options: { port: "\${PORT}", plain: "\${YES}", text: "\${PORT}" } }]`
    const more = {
      builtInSinks: sinkWith(options),
      variable: (name: string) => ({ PORT: '80', YES: 'true' })[name] ?? variables[name],
    }
    const rest = `webex: { pageSize: "\${PORT}", initialRequests: { count: "\${PORT}" } }`

    const { terms, orgs } = await configurationOf(sample({ sinks, rest }), more)

    expect([terms.pageSize, terms.initialRequests.count]).toEqual([80, 80])
    expect(orgs.map(shownAuth)).toEqual(['canary-token'])
    // A `${…}` within a longer string stays text.
    expect(await problemsOf(sample({ sinks, rest: `webex: { pageSize: "1\${PORT}" }` }), more)).toEqual([
      expect.stringMatching(/ webex\.pageSize: /),
    ])
    const bad = { ...more, variable: (name: string) => (name === 'PORT' ? '80.5' : more.variable(name)) }
    expect(await problemsOf(sample({ sinks }), bad)).toEqual([
      expect.stringMatching(
        /sinks\[0\]\.options\.port: expected a port, found "\$\{PORT\}" \[sink-bad-options\]$/,
      ),
    ])
  })

  test('is not parsed or substituted again after a substitution', async () => {
    const { orgs } = await configurationOf(sample(), { variable: () => `a:#"\${TOKEN}` })

    expect(orgs.map(shownAuth)).toContain(`a:#"\${TOKEN}`)
  })

  test('can sign in with an integration or a service app, at the token endpoint of its region', async () => {
    const client = 'clientId: id, clientSecret: canary-client'
    const orgs = `  - { name: b, auth: { ${client}, refreshToken: canary-refresh }, region: gov }
  - { name: c, auth: { ${client} } }
  - { name: d, auth: { ${client} } }
  - { name: e, auth: { clientId: id, clientSecret: other, refreshToken: canary-refresh } }
  - { name: f, auth: { clientId: di, clientSecret: other, refreshToken: canary-refresh } }`
    const configuration = await configurationOf(sample({ orgs }))

    const commercial = 'https://webexapis.com/v1/access_token'
    expect(configuration.orgs.map(shownAuth).slice(0, 3)).toEqual([
      'canary-token',
      ['id', 'canary-client', 'canary-refresh', 'https://api-usgov.webex.com/v1/access_token'],
      ['id', 'canary-client', undefined, commercial],
    ])
    // Orgs with the same app and refresh token share a sign-in. Without a refresh token, each org has a
    // separate login.
    expect(configuration.orgs.map(({ credential }) => credential)).toEqual(['acme', 'b', 'c', 'd', 'b', 'f'])
    expect(JSON.stringify(configuration)).not.toContain('canary')
  })

  test.each([
    ['http://127.0.0.1:1/v1/access_token', ''],
    ['https://proxy.example.com:8443/token', ', allowedHosts: ["proxy.example.com:8443"]'],
  ])('can get its tokens from %s', async (url, more) => {
    const auth = 'clientId: a, clientSecret: b, refreshToken'
    const text = sample({ rest: `webex: { tokenUrl: "${url}"${more} }` }).replace('accessToken', auth)
    const { orgs } = await configurationOf(text)

    expect(orgs).toMatchObject([{ auth: { tokenUrl: url } }])
  })

  test('leaves the file system unchanged', async () => {
    await configurationOf(sample())

    expect(readdirSync(directory)).toEqual(['cdrstream.yaml'])
  })
})

describe('the policy for personal data', () => {
  const sinks = (fields: string) =>
    `[{ name: f, use: file, fields: ${fields}, options: { directory: ./records } }]`

  test('is read, and its key is hidden from the log', async () => {
    const configuration = await configurationOf(
      sample({ sinks: sinks(`{ key: "\${LONG_KEY}", names: hash, user: drop }`) }),
      { variable: (name) => (name === 'LONG_KEY' ? 'canary-masking-key' : variables[name]) },
    )

    expect(configuration.sinks[0]?.fields).toMatchObject({
      classes: { name: { kind: 'hash' } },
      fields: { user: { kind: 'drop' } },
    })
    expect(configuration.sinkSecrets.map((secret) => secret.reveal())).toContain('canary-masking-key')
  })

  test.each([
    ['4', /sinks\[0\]\.fields: .*found 4$/],
    ['{ "user": dorp }', /sinks\[0\]\.fields\.user: /],
    ['{ usr: drop }', /sinks\[0\]\.fields\.usr: unknown key/],
    [`{ key: "\${TOKEN}", names: hash }`, /sinks\[0\]\.fields\.key: .*found \$\{TOKEN\}$/],
    [`{ key: "\${NOPE}", names: hash }`, /sinks\[0\]\.fields\.key: .*NOPE/],
  ])('is reported in one line with its place if it is wrong: %s', async (fields, line) => {
    expect(await problemsOf(sample({ sinks: sinks(fields) }))).toEqual([expect.stringMatching(line)])
  })
})

describe('one line with its place reports', () => {
  const stream = '{ settle: 1s, retention: 15s, maxWindow: 10s }'
  const cases: readonly (readonly [what: string, text: string, lines: readonly (string | RegExp)[]])[] = [
    [
      'an unknown key',
      sample({ org: 'regoin: eu' }),
      [/^4:5 orgs\[0\]\.regoin: unknown key, did you mean region\? /],
    ],
    ['an unknown key at the top', sample({ rest: 'x: 1' }), [/^8:1 x: unknown key, expected orgs, /]],
    [
      'a bad region',
      sample({ org: 'region: mars' }),
      ['4:13 orgs[0].region: expected auto, us, eu, in, au or gov, found "mars"'],
    ],
    [
      'a wrong type',
      sample({ rest: 'webex: { pageSize: "5000" }' }),
      ['8:20 webex.pageSize: expected a whole number from 1 to 5000, found "5000"'],
    ],
    [
      'a number out of range',
      sample({ rest: 'webex: { pageSize: 0 }' }),
      [/^8:20 webex\.pageSize: .* found 0$/],
    ],
    [
      'a number for a duration',
      sample({ org: 'start: 12' }),
      [/^4:12 orgs\[0\]\.start: expected a duration .* found 12$/],
    ],
    [
      'a duration without a unit',
      sample({ journal: '{ path: x, keep: "31" }' }),
      [/^6:27 journal\.keep: .* found "31"$/],
    ],
    [
      'an invalid size',
      sample({ journal: '{ path: x, maxBytes: 20 GB }' }),
      [/^6:31 journal\.maxBytes: .* found "20 GB"$/],
    ],
    [
      'a list where a mapping is expected',
      sample({ journal: '[x]' }),
      ['6:10 journal: expected { path }, found a list of 1 item'],
    ],
    [
      'a journal without a path',
      sample({ journal: '{ keep: 1d }' }),
      ['6:10 journal.path: expected text, found nothing'],
    ],
    [
      'no sinks',
      sample({ sinks: '[]' }),
      ['7:8 sinks: expected a list of at least one sink, found an empty list'],
    ],
    [
      'a section without content',
      sample({ sinks: '' }),
      [/^7:\d+ sinks: expected a list of at least one sink, found nothing$/],
    ],
    [
      'two orgs with the same name',
      sample({ orgs: '  - { name: acme, auth: { accessToken: x } }' }),
      [/^5:13 orgs\[1\]\.name: .* found the same name as orgs\[0\]$/],
    ],
    [
      'a former name that another org has',
      sample({
        orgs: '  - { name: b, formerly: acme, auth: { accessToken: x } }\n  - { name: c, formerly: d, auth: { accessToken: y } }\n  - { name: e, formerly: d, auth: { accessToken: z } }',
      }),
      [
        /^5:26 orgs\[1\]\.formerly: .* found the name of orgs\[0\]$/,
        /^7:26 orgs\[3\]\.formerly: .* found the former name of orgs\[2\]$/,
      ],
    ],
    [
      'two sinks with the same name',
      sample({
        sinks:
          '[{ name: f, use: file, options: { directory: a } }, { name: f, use: file, options: { directory: b } }]',
      }),
      [/^7:68 sinks\[1\]\.name: /],
    ],
    [
      'a name that is a path',
      sample().replace('acme', '../acme'),
      [/^2:11 orgs\[0\]\.name: .* found "\.\.\/acme"$/],
    ],
    [
      'eleven locations',
      sample({ org: 'locations: [a, b, c, d, e, f, g, h, i, j, k]' }),
      ['4:16 orgs[0].locations: expected up to 10 location names, found a list of 11 items'],
    ],
    ['a location with a comma', sample({ org: 'locations: ["a,b"]' }), [/^4:17 orgs\[0\]\.locations\[0\]: /]],
    [
      'a variable that is not set',
      sample().replace('TOKEN', 'NOPE'),
      ['3:26 orgs[0].auth.accessToken: the environment variable NOPE is not set'],
    ],
    [
      'an empty variable',
      sample().replace('TOKEN', 'EMPTY'),
      ['3:26 orgs[0].auth.accessToken: the environment variable EMPTY is empty'],
    ],
    [
      'a missing file',
      sample().replace('TOKEN', 'file:/nowhere/token'),
      [
        '3:26 orgs[0].auth.accessToken: the file /nowhere/token cannot be read: there is no such file (ENOENT)',
      ],
    ],
    [
      'something else in braces',
      sample().replace('TOKEN', 'TOKEN:-x'),
      [/^3:26 orgs\[0\]\.auth\.accessToken: expected /],
    ],
    [
      'no way to sign in',
      sample().replace(/accessToken: \S+/, ''),
      [/^3:11 orgs\[0\]\.auth: expected accessToken alone, or clientId, .* found neither$/],
    ],
    [
      'two ways to sign in',
      sample().replace('accessToken', 'clientId: a, accessToken'),
      [/^3:11 orgs\[0\]\.auth: .* found accessToken and clientId$/],
    ],
    [
      'half a way to sign in',
      sample().replace('accessToken', 'clientId: a, refreshToken'),
      [/^3:11 orgs\[0\]\.auth: .* found clientId, refreshToken alone$/],
    ],
    [
      'a token URL of a foreign host',
      sample({ rest: 'webex: { tokenUrl: "https://webexapis.com.example/v1/access_token" }' }),
      [/^8:20 webex\.tokenUrl: .* found "https:\/\/webexapis\.com\.example\/v1\/access_token"$/],
    ],
    ['an unknown section', sample({ rest: 'https: { port: 0 }' }), [/^8:1 https: .* did you mean http\?/]],
    [
      'plain http to another host',
      sample({ rest: 'webex: { baseUrl: http://10.0.0.1/v1 }' }),
      [/^8:19 webex\.baseUrl: expected an https URL /],
    ],
    [
      'a host that only looks like loopback',
      sample({ rest: 'webex: { baseUrl: http://127.0.0.1.example.com }' }),
      [/^8:19 webex\.baseUrl: /],
    ],
    [
      'a login in a URL',
      sample({ rest: 'webex: { baseUrl: "https://me:canary@x.com" }' }),
      [/^8:19 webex\.baseUrl: .* found "https:\/\/…@x\.com"$/],
    ],
    [
      'a retention that leaves no time for an audit',
      sample({ rest: `webex: { initialRequests: { per: 1s }, stream: ${stream} }` }),
      [/^8:73 webex\.stream\.retention: expected more than 15000 ms .* found "15s"$/],
    ],
    [
      'a sink that does not exist',
      sample({ sinks: '[{ name: f, use: ./my-sink.ts }]' }),
      [/^7:25 sinks\[0\]\.use: expected file, .*, found "\.\/my-sink\.ts": .* \[sink-not-found\]$/],
    ],
    [
      'a misspelled sink',
      sample({ sinks: '[{ name: f, use: flie }]' }),
      [/^7:25 sinks\[0\]\.use: .* did you mean file\? \[sink-not-found\]$/],
    ],
    [
      'an unknown option of a sink',
      sample({ sinks: '[{ name: f, use: file, options: { directory: a, x: 1 } }]' }),
      ['7:56 sinks[0].options.x: unknown key, expected directory, code [sink-bad-options]'],
    ],
    [
      'a wrong option of a sink',
      sample({ sinks: '[{ name: f, use: file, options: { directory: 4 } }]' }),
      ['7:53 sinks[0].options.directory: expected text, found 4 [sink-bad-options]'],
    ],
    [
      'an invalid time',
      sample({ sinks: '[{ name: f, use: file, from: tomorrow, options: { directory: a } }]' }),
      [/^7:37 sinks\[0\]\.from: /],
    ],
    ['a syntax error', sample({ rest: 'x: [1' }), [/^8:\d+ not YAML: /]],
    ['an unquoted variable in braces', sample().replace(/"/g, ''), [/^3:\d+ not YAML: inside \{ \}/]],
    ['a key twice', sample({ rest: 'journal: { path: y }' }), ['8:1 not YAML: map keys must be unique']],
    ['an empty file', '', ['1:1 expected a mapping with orgs, journal and sinks, found nothing']],
    [
      'a list at the top',
      '- a',
      ['1:1 expected a mapping with orgs, journal and sinks, found a list of 1 item'],
    ],
    [
      'an alias within its own anchor',
      sample({ rest: 'other: &a [*a]' }),
      [/^8:1 other/, /^8:12 other\[0\]: .* too many aliases$/],
    ],
  ]

  test.each(cases)('%s', async (_, text, lines) => {
    const found = await problemsOf(text)

    expect(found).toEqual(
      lines.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))),
    )
    expect(found.every((line) => !line.includes('\n'))).toBe(true)
  })

  test('each of several problems, in file order', async () => {
    const lines = await problemsOf(`
orgs:
  - { name: a, auth: { accessToken: "\${NOPE}" }, region: mars }
  - { name: a, auth: hunter2 }
journal: { path: /proc/nowhere/x.db }
sinks: [{ name: f, use: files }]
`)
    expect(lines.map((line) => line.split(' ')[1])).toEqual([
      'orgs[0].auth.accessToken:',
      'orgs[0].region:',
      'orgs[1].name:',
      'orgs[1].auth:',
      'journal.path:',
      'sinks[0].use:',
    ])
  })

  test('a missing file, a directory, and bytes that are not text', async () => {
    expect(await problemsOf(Uint8Array.of(0xff, 0xfe, 0x00))).toHaveLength(1)
    expect(await problemsOf('', { file: join(directory, 'other.yaml') })).toHaveLength(1)
    expect(await problemsOf('', { file: directory })).toHaveLength(1)
  })

  test('a path that cannot be written to', async () => {
    writeFileSync(join(directory, 'plain-file'), '')
    mkdirSync(join(directory, 'a-directory'))
    const sinks = '[{ name: f, use: file, options: { directory: plain-file/records } }]'

    expect(await problemsOf(sample({ journal: '{ path: plain-file/x.db }', sinks }))).toEqual([
      expect.stringMatching(/^6:18 journal\.path: .*plain-file is not a directory$/),
      expect.stringMatching(/^7:53 sinks\[0\]\.options\.directory: .*plain-file is not a directory$/),
    ])
    expect(await problemsOf(sample({ journal: '{ path: a-directory }' }))).toEqual([
      expect.stringMatching(/^6:18 journal\.path: .*a-directory is a directory$/),
    ])
    expect(await problemsOf(sample({ journal: '{ path: /proc/x/y.db }' }))).toEqual([
      expect.stringMatching(/^6:18 journal\.path: .*\/proc is not writable/),
    ])
  })
})

describe('no message shows a secret', () => {
  const canaries = [
    ['from a variable, in the wrong form', sample({ org: `region: "\${REGION}"` })],
    ['that is a token with a line break', sample().replace(`\${TOKEN}`, String.raw`canary\n`)],
    [
      'that is in a mapping instead of a token',
      sample()
        .replace(/"\$\{TOKEN\}"/, '{ canary: 1 }')
        .replace('canary: 1', 'x: canary'),
    ],
    ['in place of auth', sample().replace(/\{ accessToken.*\}/, 'canary')],
    ['that is a number', sample().replace(/"\$\{TOKEN\}"/, '4711')],
    ['behind a syntax error', sample().replace(/"\$\{TOKEN\}"/, '"a" canary')],
    ['after an open quote', sample().replace(/"\$\{TOKEN\}"/, '"canary')],
    ['in a bad escape', sample().replace(/"\$\{TOKEN\}"/, String.raw`"\canary"`)],
    [
      'in the options of a sink',
      sample({ sinks: `[{ name: f, use: file, options: { directory: 1, code: "\${TOKEN}" } }]` }),
    ],
  ] as const

  test.each(canaries)('%s', async (_, text) => {
    const lines = await problemsOf(text)

    expect(lines.length).toBeGreaterThan(0)
    expect(lines.join('\n')).not.toMatch(/canary|4711/)
  })

  test('that a plugin quotes', async () => {
    const talkative = z.unknown().transform((value, context) => {
      context.issues.push({ code: 'custom', input: value, message: `bad: ${JSON.stringify(value)}` })
      return z.NEVER
    })
    const lines = await problemsOf(
      sample({ sinks: `[{ name: f, use: file, options: { url: "\${TOKEN}", nodes: ["x://u:canary@h"] } }]` }),
      { builtInSinks: sinkWith(talkative) },
    )
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain('canary')
  })
})

test('secrets in sink options are hidden from the log', async () => {
  const sinks = `[{ name: f, use: file, options: { directory: a, code: "\${TOKEN}", apiKey: canary-key } }]`
  const options = z.strictObject({ directory: z.string(), code: z.string(), apiKey: z.string() })

  const { sinkSecrets } = await configurationOf(sample({ sinks }), { builtInSinks: sinkWith(options) })

  expect(sinkSecrets.map((secret) => secret.reveal())).toEqual(['canary-key'])
  expect(JSON.stringify(sinkSecrets)).not.toContain('canary')
})

describe('a configuration that is loaded for reading only', () => {
  function look(text: string): Configuration {
    const file = join(directory, 'cdrstream.yaml')
    writeFileSync(file, text)
    const loaded = loadToLook({ file, variable: () => undefined })
    if (loaded.kind === 'problems') throw new Error(loaded.lines.join('\n'))
    return loaded.configuration
  }

  test('needs no secrets and no writable directories', () => {
    const text = sample({
      journal: '{ path: /proc/x/y.db }',
      sinks: `[{ name: f, use: file, fields: { key: "\${NOPE}", names: hash }, options: { directory: "\${NOPE}" } }]`,
    })

    expect(look(text).sinkNames).toEqual(['f'])
  })

  test('lets orgs that share a variable share a credential, regardless of its value', () => {
    const orgs = `  - { name: b, auth: { accessToken: "\${TOKEN}" } }\n  - { name: c, auth: { accessToken: "\${REGION}" } }`

    expect(look(sample({ orgs })).orgs.map(({ credential }) => credential)).toEqual(['acme', 'acme', 'c'])
  })
})
