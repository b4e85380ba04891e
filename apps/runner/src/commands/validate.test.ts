import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { canaries, configurations } from '../../test/support/canary-configurations.ts'
import { validate } from './validate.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-validate-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

interface Validated {
  readonly exitCode: number
  readonly printed: string
  /** The printed lines without the file's path. */
  readonly said: readonly string[]
}

async function validated(
  text: string,
  { json = false, variables = {} }: { json?: boolean; variables?: Readonly<Record<string, string>> } = {},
): Promise<Validated> {
  const config = join(directory, 'cdrstream.yaml')
  writeFileSync(config, text)
  let printed = ''
  const said: string[] = []
  const exitCode = await validate(
    { config, json },
    {
      variable: (name) => variables[name],
      print: (more) => {
        printed += more
      },
      say: (line) => said.push(line.replace(/^\S*cdrstream\.yaml:/, '')),
    },
  )
  return { exitCode, printed, said }
}

const sample = (more: { org?: string; sinks?: string; rest?: string } = {}) => `
orgs: [{ name: acme, auth: { accessToken: "\${TOKEN}" }${more.org ?? ''} }]
journal: { path: /nowhere/at/all/cdrstream.db }
sinks: ${more.sinks ?? '[{ name: files, use: file, options: { directory: /nowhere/else } }]'}
${more.rest ?? ''}`

describe('a configuration is valid', () => {
  test('without its variables, files and directories, which are not created', async () => {
    const text = sample({
      org: `, region: "\${REGION}", start: "\${HOURS}h"`,
      rest: `webex: { ca: ./nowhere.pem, baseUrl: "\${URL}", pageSize: "\${N}" }`,
    })
    const { exitCode, printed, said } = await validated(text)

    expect(exitCode).toBe(0)
    expect(printed).toMatch(/cdrstream\.yaml: valid\n$/)
    expect(said).toEqual([
      'not checked, because a variable or file is missing: orgs[0].auth.accessToken, orgs[0].region, orgs[0].start, webex.baseUrl, webex.pageSize',
    ])
    expect(readdirSync(directory)).toEqual(['cdrstream.yaml'])
  })

  test.each(Object.keys(configurations))('without any of its secrets: %s', async (name) => {
    expect(await validated(configurations[name] ?? '')).toMatchObject({ exitCode: 0 })
  })

  test('if values are missing that a built-in sink checks together', async () => {
    const search = (options: string) =>
      sample({ sinks: `[{ name: s, use: elasticsearch, options: { ${options} } }]` })

    expect((await validated(search(`cloudId: "\${CLOUD}"`))).exitCode).toBe(0)
    expect((await validated(search(`nodes: ["\${N}"], username: "\${U}", password: p`))).exitCode).toBe(0)
    expect((await validated(search(`nodes: "\${N}", concurrency: "\${C}"`))).exitCode).toBe(0)
    const masked = `[{ name: p, use: postgres, fields: { key: "\${K}", names: hash, numbers: { mask: "\${M}" } } }]`
    expect((await validated(sample({ sinks: masked }))).exitCode).toBe(0)
  })
})

describe('one line and exit code 2 report', () => {
  test.each([
    [
      'an unknown key',
      sample({ org: ', regoin: eu' }),
      /^2:\d+ orgs\[0\]\.regoin: unknown key, did you mean region\?/,
    ],
    [
      'a bad value',
      sample({ org: ', region: mars' }),
      /^2:\d+ orgs\[0\]\.region: expected auto, .* found "mars"$/,
    ],
    [
      'a malformed variable',
      sample().replace('TOKEN', 'TOKEN:-x'),
      /^2:\d+ orgs\[0\]\.auth\.accessToken: expected /,
    ],
    ['a syntax error', sample({ rest: 'webex: {' }), /^\d+:\d+ not YAML: /],
    [
      'two ways to sign in',
      sample().replace('{ acc', '{ clientId: x, acc'),
      /orgs\[0\]\.auth: expected accessToken alone/,
    ],
    [
      'a URL of a foreign host',
      sample({ rest: 'webex: { baseUrl: https://example.com }' }),
      / webex\.baseUrl: expected/,
    ],
    [
      'a wrong option beside an option whose value is missing',
      sample({ sinks: `[{ name: f, use: file, options: { directory: "\${D}", compress: brotli } }]` }),
      /sinks\[0\]\.options\.compress: .*\[sink-bad-options\]$/,
    ],
    [
      'two sinks in one directory',
      sample({
        sinks:
          '[{ name: f, use: file, options: { directory: /a/b } }, { name: g, use: file, options: { directory: /a } }]',
      }),
      /sinks\[1\]\.options\.directory: /,
    ],
    ['a sink that does not exist', sample({ sinks: '[{ name: f, use: ./my.ts }]' }), /\[sink-not-found\]$/],
  ])('%s', async (_, text, line) => {
    const { exitCode, printed, said } = await validated(text)

    expect(exitCode).toBe(2)
    expect(printed).toBe('')
    expect(said.filter((each) => !each.startsWith('not checked'))).toEqual([expect.stringMatching(line)])
  })

  test('a bad value of a variable that is set', async () => {
    const { exitCode, said } = await validated(sample({ org: `, region: "\${REGION}"` }), {
      variables: { REGION: 'mars', TOKEN: 'canary' },
    })
    expect([exitCode, said]).toEqual([2, [expect.stringMatching(/^2:\d+ orgs\[0\]\.region: /)]])
  })

  test('a missing file', async () => {
    const said: string[] = []
    const terminal = { variable: () => undefined, print: () => {}, say: (line: string) => said.push(line) }
    const config = join(directory, 'nothing.yaml')

    expect(await validate({ config, json: false }, terminal)).toBe(2)
    expect(said).toEqual([
      expect.stringContaining('nothing.yaml: expected a configuration file, found nothing'),
    ])
  })
})

describe('a custom sink', () => {
  const plugin = (validateOptions: string) => `export default {
  cdrstream: 1,
  name: 'mine',
  options: { '~standard': { version: 1, vendor: 'mine', validate: (value) => ${validateOptions} } },
  traits: { idempotence: 'none' },
  create: () => ({ write: async () => ({ kind: 'accepted' }) }),
}
`
  const own = (options: string) =>
    sample({ sinks: `[{ name: m, use: ./mine.mjs, options: { ${options} } }]` })

  test('checks its options', async () => {
    const needsPort =
      "value.port > 0 ? { value } : { issues: [{ message: 'expected a port', path: ['port'] }] }"
    writeFileSync(join(directory, 'mine.mjs'), plugin(needsPort))

    expect((await validated(own('port: 80'))).exitCode).toBe(0)
    expect((await validated(own(`port: "\${PORT}"`))).exitCode).toBe(0)
    expect(await validated(own('port: none'))).toMatchObject({
      exitCode: 2,
      said: expect.arrayContaining([
        expect.stringMatching(/options\.port: expected a port, found "none" \[/),
      ]),
    })
  })

  test('that fails only because a value is missing has no problem', async () => {
    writeFileSync(join(directory, 'mine.mjs'), plugin('({ value: new URL(value.url) })'))

    expect((await validated(own(`url: "\${URL}"`))).exitCode).toBe(0)
    expect((await validated(own('url: nonsense'))).exitCode).toBe(2)
  })

  test('that cannot be loaded is a problem', async () => {
    writeFileSync(join(directory, 'mine.mjs'), 'throw new Error("broken")')

    expect(await validated(own(''))).toMatchObject({
      exitCode: 2,
      said: expect.arrayContaining([expect.stringMatching(/broken \[sink-wrong-export\]$/)]),
    })
  })
})

test('as JSON, each problem has its place, key and code', async () => {
  const text = sample({ org: ', region: mars', sinks: '[{ name: f, use: ./my.ts }]' })
  const { exitCode, printed, said } = await validated(text, { json: true })

  expect([exitCode, said]).toEqual([2, []])
  expect(JSON.parse(printed)).toEqual({
    file: join(directory, 'cdrstream.yaml'),
    valid: false,
    problems: [
      { line: 2, column: 65, key: 'orgs[0].region', code: null, message: expect.any(String) },
      { line: 4, column: 25, key: 'sinks[0].use', code: 'sink-not-found', message: expect.any(String) },
    ],
    unchecked: ['orgs[0].auth.accessToken'],
  })
})

test('no line contains a secret', async () => {
  for (const text of Object.values(configurations)) {
    const broken = text.replace('accessToken: ', 'accessToken:').replace('region: eu', 'region: mars')
    const { said, printed } = await validated(broken, { variables: { TOKEN: canaries.accessToken } })
    expect(said.join('\n') + printed).not.toContain(canaries.accessToken)
  }
})
