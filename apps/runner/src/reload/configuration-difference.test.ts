import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { builtInSinks } from '../built-in-sinks.ts'
import type { CollectConfiguration } from '../configuration/configuration.ts'
import { loadToCollect } from '../configuration/load-configuration.ts'
import { configurationDifference, isUnchanged, type NamesDifference } from './configuration-difference.ts'
import { reloadSentence } from './reload-result.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-difference-'))
  writeFileSync(join(directory, 'token'), 'first', { mode: 0o600 })
})

afterEach(() => rmSync(directory, { recursive: true }))

const sample = `
orgs:
  - name: acme
    auth: { accessToken: "\${file:token}" }
  - { name: blue, auth: { accessToken: shared } }
  - { name: cyan, auth: { accessToken: shared } }
journal: { path: ./data/cdrstream.db }
sinks:
  - { name: files, use: file, options: { directory: ./files } }
  - { name: warehouse, use: postgres, options: { url: "postgres://127.0.0.1/cdr" } }
`

async function load(text: string): Promise<CollectConfiguration> {
  const file = join(directory, 'cdrstream.yaml')
  writeFileSync(file, text, { mode: 0o600 })
  const loaded = await loadToCollect({ file, builtInSinks, variable: () => undefined })
  if (loaded.kind === 'problems') throw new Error(loaded.lines.join('\n'))
  return loaded.configuration
}

const none: NamesDifference = { added: [], changed: [], removed: [] }
const orgs = (names: Partial<NamesDifference>) => ({ orgs: { ...none, ...names } })
const sinks = (names: Partial<NamesDifference>) => ({ sinks: { ...none, ...names } })

/** What is replaced in the sample, by what, and the difference. */
const changes: readonly (readonly [title: string, from: string | RegExp, to: string, expected: object])[] = [
  ['nothing', '', '', {}],
  ['comments and quotes', '{ name: files,', '{ name: "files", # here\n     ', {}],
  ['the order of keys', 'name: files, use: file', 'use: file, name: files', {}],
  ['the order of sinks', /( {2}- \{ name: files.*\n)(.*\n)/, '$2$1', {}],
  [
    'an org with its own token',
    'journal:',
    '  - { name: dune, auth: { accessToken: t } }\njournal:',
    orgs({ added: ['dune'] }),
  ],
  ['the first org of a shared token', /.*name: blue.*\n/, '', orgs({ changed: ['cyan'], removed: ['blue'] })],
  ['the second org of a shared token', /.*name: cyan.*\n/, '', orgs({ removed: ['cyan'] })],
  [
    'the name of an org',
    '{ name: cyan,',
    '{ name: dune, formerly: cyan,',
    orgs({ added: ['dune'], removed: ['cyan'] }),
  ],
  ['a name that an org had long ago', '{ name: cyan,', '{ name: cyan, formerly: old,', {}],
  ['how far back an org started', '{ name: cyan,', '{ name: cyan, start: 6h,', {}],
  ['locations', '{ name: cyan,', '{ name: cyan, locations: [Berlin],', orgs({ changed: ['cyan'] })],
  ['a region', '{ name: cyan,', '{ name: cyan, region: eu,', orgs({ changed: ['cyan'] })],
  [
    'one of two shared tokens',
    'cyan, auth: { accessToken: shared',
    'cyan, auth: { accessToken: own',
    orgs({ changed: ['cyan'] }),
  ],
  ['both shared tokens', /accessToken: shared/g, 'accessToken: other', orgs({ changed: ['blue', 'cyan'] })],
  [
    'trusted hosts',
    'journal:',
    'webex: { allowedHosts: [api.example] }\njournal:',
    orgs({ changed: ['acme', 'blue', 'cyan'] }),
  ],
  ['a sink', /.*name: files.*\n/, '', sinks({ removed: ['files'] })],
  ['the name of a sink', '{ name: files,', '{ name: lines,', sinks({ added: ['lines'], removed: ['files'] })],
  ['an option of a sink', '1/cdr', '1/other', sinks({ changed: ['warehouse'] })],
  [
    'the fields of a sink',
    'use: file,',
    'use: file, fields: { names: drop },',
    sinks({ changed: ['files'] }),
  ],
  ['where a sink started', 'use: file,', 'use: file, from: now,', {}],
  [
    'the limits of the journal',
    'cdrstream.db',
    'cdrstream.db, keep: 7d, maxBytes: 1GB',
    { settings: ['journal.keep', 'journal.maxBytes'] },
  ],
  ['the path of the journal', './data/cdrstream.db', './other.db', { needRestart: ['journal.path'] }],
  ['the HTTP server', 'journal:', 'http: { port: 9465 }\njournal:', { needRestart: ['http'] }],
  [
    'terms of the API',
    'journal:',
    'webex: { pageSize: 1000, stream: { settle: 2m } }\njournal:',
    { needRestart: ['webex.pageSize', 'webex.stream'] },
  ],
]

describe('a reload finds', () => {
  it.each(changes)('%s', async (_, from, to, expected) => {
    const before = await load(sample)
    const difference = configurationDifference(before, await load(sample.replace(from, to)))
    const nothing = { orgs: none, sinks: none, settings: [], needRestart: [] }
    expect(difference).toEqual({ ...nothing, ...expected })
    expect(isUnchanged(difference)).toBe(Object.keys(expected).every((key) => key === 'needRestart'))
  })

  it('another content of a file that holds a secret', async () => {
    const before = await load(sample)
    writeFileSync(join(directory, 'token'), 'rotated')
    expect(configurationDifference(before, await load(sample))).toMatchObject(orgs({ changed: ['acme'] }))
  })

  it('a module that has changed, which needs a restart', async () => {
    const module = join(directory, 'mine.mjs')
    const plugin = (text: string) => `export default {
      cdrstream: 1, name: 'mine', create: () => ({}), traits: { idempotence: 'none' },
      options: { '~standard': { version: 1, vendor: '${text}', validate: (value) => ({ value }) } },
    }`
    writeFileSync(module, plugin('one'))
    const text = `${sample}  - { name: mine, use: ./mine.mjs }\n`
    const before = await load(text)
    expect(configurationDifference(before, await load(text)).needRestart).toEqual([])
    writeFileSync(module, plugin('two'))
    const after = await load(text)
    expect(configurationDifference(before, after)).toMatchObject({
      sinks: none,
      needRestart: ['the module of the sink mine'],
    })
    expect(configurationDifference(after, await load(text)).needRestart).toHaveLength(1)
  })

  it('a module that is repaired', async () => {
    const text = `${sample}  - { name: mine, use: ./mine.mjs }\n`
    writeFileSync(join(directory, 'mine.mjs'), 'export default {')
    await expect(load(text)).rejects.toThrow('sinks[2].use')
    writeFileSync(
      join(directory, 'mine.mjs'),
      `export default { cdrstream: 1, name: 'mine', create: () => ({}), traits: { idempotence: 'none' },
        options: { '~standard': { version: 1, vendor: 'x', validate: (value) => ({ value }) } } }`,
    )
    const added = configurationDifference(await load(sample), await load(text))
    expect(added).toMatchObject({ ...sinks({ added: ['mine'] }), needRestart: [] })
  })
})

test('the result of a reload is one sentence', () => {
  const difference = { orgs: none, sinks: none, settings: [], needRestart: [] }
  expect(reloadSentence(difference)).toBe('reloaded: nothing has changed')
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  expect(
    reloadSentence({
      orgs: { added: ['acme'], changed: many, removed: [] },
      sinks: { added: [], changed: [], removed: ['files'] },
      settings: ['journal.keep'],
      needRestart: ['journal.path', 'webex.stream'],
    }),
  ).toBe(
    'reloaded: org acme started; orgs a, b, c, d, e and 2 more restarted; sink files stopped; journal.keep applied; restart the collector to apply journal.path, webex.stream',
  )
})
