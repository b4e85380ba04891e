import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareWithLedger } from '@cdrstream/simulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { simulateApi } from './support/simulated-api.ts'
import { runCommand, startCommand } from './support/start-command.ts'

/** A sink that appends `{ org, text }` lines to the file in its options. */
const lineSink = `
import { appendFileSync } from 'node:fs'
import { resolve } from 'node:path'

const validate = (value) =>
  typeof value.file === 'string' ? { value } : { issues: [{ message: 'expected a file', path: ['file'] }] }

export default {
  cdrstream: 1,
  name: 'lines',
  options: { '~standard': { version: 1, vendor: 'test', validate } },
  traits: { idempotence: 'none' },
  create: ({ file }, { baseDirectory }) => ({ open: async () => ({ kind: 'opened', session: session(resolve(baseDirectory, file)) }) }),
}

const session = (path) => ({
  async write({ records }) {
    const lines = records.map(({ org, text }) => JSON.stringify({ org, text }) + '\\n')
    appendFileSync(path, lines.join(''))
    return { kind: 'accepted' }
  },
})
`

/** A package whose entry point only an `import` resolves. */
function writePackage(directory: string, name: string, code: string): void {
  const at = join(directory, 'node_modules', name)
  mkdirSync(at, { recursive: true })
  const manifest = { name, version: '1.0.0', type: 'module', exports: { '.': { import: './sink.js' } } }
  writeFileSync(join(at, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(at, 'sink.js'), code)
}

test('a TypeScript sink and a sink from a package receive each record that the API returns', async () => {
  await using api = await simulateApi({ seed: 21, recordsPerMinute: 20_000 })
  const { directory, simulator } = api
  writeFileSync(join(directory, 'my-sink.ts'), lineSink.replace('(value)', '(value: { file?: unknown })'))
  writePackage(directory, 'line-sink', lineSink)
  const configuration = join(directory, 'cdrstream.yaml')
  const more = ['./my-sink.ts', 'line-sink'].map(
    (use, index) => `  - { name: mine-${index}, use: ${use}, options: { file: ./${index}.ndjson } }\n`,
  )
  writeFileSync(
    configuration,
    readFileSync(configuration, 'utf8').replace('sinks:\n', `sinks:\n${more.join('')}`),
  )

  const collector = startCommand(['run'], { directory })
  await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(500)
  collector.process.kill('SIGTERM')
  const { code, err } = await collector.ended

  expect(code).toBe(0)
  const { delivered } = await api.compare()
  for (const index of [0, 1]) {
    const lines = readFileSync(join(directory, `${index}.ndjson`), 'utf8')
      .trimEnd()
      .split('\n')
    const comparison = compareWithLedger(
      simulator.ledger,
      lines.map((line) => JSON.parse(line)),
    )
    expect(comparison).toMatchObject({ delivered, twice: 0, invented: 0 })
  }
  // The log explains at startup what `none` means.
  expect(err).toContain('"sink":"mine-0"')
})

describe('run exits with code 2 and one line, and starts nothing, because of', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  })
  beforeEach(() => {
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true })
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  const plugin = (change: string) => lineSink.replace('cdrstream: 1,', change)
  const use = (name: string, options = 'file: x') =>
    `orgs: [{ name: acme, auth: { accessToken: t } }]
journal: { path: ./data/cdrstream.db }
sinks: [{ name: mine, use: ${name}, options: { ${options} } }]
`
  const cases: readonly (readonly [what: string, files: Readonly<Record<string, string>>, line: RegExp])[] = [
    [
      'a path that does not exist',
      { yaml: use('./sink.ts') },
      /^cdrstream\.yaml:3:28 sinks\[0\]\.use: .*\[sink-not-found\]$/,
    ],
    [
      'a package that is not installed',
      { yaml: use('no-such-sink') },
      /^cdrstream\.yaml:3:28 .*\[sink-not-found\]$/,
    ],
    ['a Node module', { yaml: use('fs') }, /^cdrstream\.yaml:3:28 .*\[sink-not-found\]$/],
    [
      'a missing default export',
      { yaml: use('./s.ts'), 's.ts': 'export const sink = 1' },
      /^cdrstream\.yaml:3:28 .*\[sink-wrong-export\]$/,
    ],
    [
      'a default export that is not a plugin',
      { yaml: use('./s.ts'), 's.ts': 'export default () => {}' },
      /^cdrstream\.yaml:3:28 .*\[sink-wrong-export\]$/,
    ],
    [
      'a plugin with a missing part',
      { yaml: use('./s.mjs'), 's.mjs': lineSink.replace('create:', 'make:') },
      /^cdrstream\.yaml:3:28 .*create.*\[sink-wrong-export\]$/,
    ],
    [
      'an exception while importing',
      { yaml: use('./s.ts'), 's.ts': 'throw new Error("two\\nlines")' },
      /^cdrstream\.yaml:3:28 .*two lines.*\[sink-wrong-export\]$/,
    ],
    [
      'an import of a missing module',
      { yaml: use('./s.ts'), 's.ts': 'import "no-such-package"' },
      /^cdrstream\.yaml:3:28 .*no-such-package.*\[sink-wrong-export\]$/,
    ],
    [
      'TypeScript syntax that cannot be stripped',
      { yaml: use('./s.ts'), 's.ts': '\nenum Level { a }' },
      /^cdrstream\.yaml:3:28 .*s\.ts:2.*enum.*\[sink-wrong-export\]$/,
    ],
    [
      'a different version of the interface',
      { yaml: use('./s.mjs'), 's.mjs': plugin('cdrstream: 2,') },
      /^cdrstream\.yaml:3:28 .*version 2.*\[sink-wrong-version\]$/,
    ],
    [
      'options that the sink rejects',
      { yaml: use('./s.mjs', 'file: 4'), 's.mjs': lineSink },
      /^cdrstream\.yaml:3:54 sinks\[0\]\.options\.file: .*\[sink-bad-options\]$/,
    ],
    [
      'a built-in sink with a wrong option',
      { yaml: use('postgres', 'url: "x://u:hunter2@h", port: 1') },
      /^cdrstream\.yaml:3:/,
    ],
  ]

  test.each(cases)('%s', async (_, { yaml = '', ...files }, line) => {
    writeFileSync(join(directory, 'cdrstream.yaml'), yaml)
    for (const [name, code] of Object.entries(files)) writeFileSync(join(directory, name), code)

    const { code, out, err } = await runCommand(['run', '--once'], { directory })

    expect({ code, out }).toEqual({ code: 2, out: '' })
    const lines = err.trimEnd().split('\n')
    expect(lines[0]).toMatch(line)
    expect(new Set(lines.map((told) => /\[(sink-[a-z-]+)\]$/.exec(told)?.[1])).size).toBe(1)
    expect(err).not.toContain('hunter2')
    expect(readdirSync(directory).sort()).toEqual(['cdrstream.yaml', ...Object.keys(files)].sort())
  })
})
