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

/** Replacements in the sample, with the difference expected of each. */
const changes: readonly (readonly [title: string, from: string | RegExp, to: string, expected: object])[] = [
  ['without changes affects nothing', '', '', {}],
  ['ignores comments and quotes', '{ name: files,', '{ name: "files", # here\n     ', {}],
  ['ignores the order of keys', 'name: files, use: file', 'use: file, name: files', {}],
  ['ignores the order of sinks', /( {2}- \{ name: files.*\n)(.*\n)/, '$2$1', {}],
  [
    'starts an added org',
    'journal:',
    '  - { name: dune, auth: { accessToken: t } }\njournal:',
    orgs({ added: ['dune'] }),
  ],
  [
    'that removes the first of two orgs with a shared token restarts the other',
    /.*name: blue.*\n/,
    '',
    orgs({ changed: ['cyan'], removed: ['blue'] }),
  ],
  [
    'that removes the second of two orgs with a shared token leaves the first running',
    /.*name: cyan.*\n/,
    '',
    orgs({ removed: ['cyan'] }),
  ],
  [
    'that renames an org stops the old name and starts the new one',
    '{ name: cyan,',
    '{ name: dune, formerly: cyan,',
    orgs({ added: ['dune'], removed: ['cyan'] }),
  ],
  ['ignores `formerly` on a running org', '{ name: cyan,', '{ name: cyan, formerly: old,', {}],
  ['ignores `start` on a running org', '{ name: cyan,', '{ name: cyan, start: 6h,', {}],
  [
    'restarts an org whose locations change',
    '{ name: cyan,',
    '{ name: cyan, locations: [Berlin],',
    orgs({ changed: ['cyan'] }),
  ],
  [
    'restarts an org whose region changes',
    '{ name: cyan,',
    '{ name: cyan, region: eu,',
    orgs({ changed: ['cyan'] }),
  ],
  [
    'restarts only the org that stops using a shared token',
    'cyan, auth: { accessToken: shared',
    'cyan, auth: { accessToken: own',
    orgs({ changed: ['cyan'] }),
  ],
  [
    'restarts all orgs that use a changed token',
    /accessToken: shared/g,
    'accessToken: other',
    orgs({ changed: ['blue', 'cyan'] }),
  ],
  [
    'restarts all orgs if the trusted hosts change',
    'journal:',
    'webex: { allowedHosts: [api.example] }\njournal:',
    orgs({ changed: ['acme', 'blue', 'cyan'] }),
  ],
  ['stops a removed sink', /.*name: files.*\n/, '', sinks({ removed: ['files'] })],
  [
    'that renames a sink stops the old name and starts the new one',
    '{ name: files,',
    '{ name: lines,',
    sinks({ added: ['lines'], removed: ['files'] }),
  ],
  ['restarts a sink whose options change', '1/cdr', '1/other', sinks({ changed: ['warehouse'] })],
  [
    'restarts a sink whose fields change',
    'use: file,',
    'use: file, fields: { names: drop },',
    sinks({ changed: ['files'] }),
  ],
  ['ignores `from` on a running sink', 'use: file,', 'use: file, from: now,', {}],
  [
    'applies new journal limits',
    'cdrstream.db',
    'cdrstream.db, keep: 7d, maxBytes: 1GB',
    { settings: ['journal.keep', 'journal.maxBytes'] },
  ],
  [
    'does not apply a new journal path',
    './data/cdrstream.db',
    './other.db',
    { needRestart: ['journal.path'] },
  ],
  [
    'does not apply HTTP server settings',
    'journal:',
    'http: { port: 9465 }\njournal:',
    { needRestart: ['http'] },
  ],
  [
    'does not apply API terms',
    'journal:',
    'webex: { pageSize: 1000, stream: { settle: 2m } }\njournal:',
    { needRestart: ['webex.pageSize', 'webex.stream'] },
  ],
]

describe('a reload', () => {
  it.each(changes)('%s', async (_, from, to, expected) => {
    const before = await load(sample)
    const difference = configurationDifference(before, await load(sample.replace(from, to)))
    const nothing = { orgs: none, sinks: none, settings: [], needRestart: [] }
    expect(difference).toEqual({ ...nothing, ...expected })
    expect(isUnchanged(difference)).toBe(Object.keys(expected).every((key) => key === 'needRestart'))
  })

  it('restarts an org if the content of its secret file changes', async () => {
    const before = await load(sample)
    writeFileSync(join(directory, 'token'), 'rotated')
    expect(configurationDifference(before, await load(sample))).toMatchObject(orgs({ changed: ['acme'] }))
  })

  it('does not load a sink module that has changed since startup', async () => {
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

  it('loads a sink module that failed to load before', async () => {
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

test('a reload result is summarized in one line', () => {
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
