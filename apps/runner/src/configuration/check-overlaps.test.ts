import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { builtInSinks } from '../built-in-sinks.ts'
import { loadToCollect } from './load-configuration.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-overlaps-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  for (const name of ['data', 'records']) mkdirSync(join(directory, name))
  symlinkSync('records', join(directory, 'linked-records'))
  symlinkSync('.', join(directory, 'linked-here'))
})

async function linesFor(journal: string, ...directories: readonly string[]): Promise<readonly string[]> {
  const file = join(directory, 'cdrstream.yaml')
  const configuration = {
    orgs: [{ name: 'acme', auth: { accessToken: 'token' } }],
    journal: { path: journal },
    sinks: directories.map((each, at) => ({ name: `s${at}`, use: 'file', options: { directory: each } })),
  }
  writeFileSync(file, JSON.stringify(configuration))
  const loaded = await loadToCollect({
    file,
    builtInSinks,
    variable: () => undefined,
  })
  return loaded.kind === 'problems' ? loaded.lines : []
}

describe('a file sink cannot have', () => {
  test.each([
    [
      'the same directory as another file sink',
      './data/journal.db',
      ['./records', './records'],
      'sinks[0].options.directory',
    ],
    [
      "a directory inside another file sink's directory",
      './data/journal.db',
      ['./records', './records/b'],
      'sinks[0]',
    ],
    [
      "a directory around another file sink's directory",
      './data/journal.db',
      ['./records/a', './records'],
      'sinks[0]',
    ],
    [
      'the same directory as another file sink by a link',
      './data/journal.db',
      ['./records', './linked-records'],
      'sinks[0]',
    ],
    [
      'the same new directory as another file sink by a link',
      './data/journal.db',
      ['./records/new', './linked-records/new'],
      'sinks[0]',
    ],
    ["the journal's directory", './data/journal.db', ['./data'], 'journal.path'],
    ['a directory around the journal', './data/deep/journal.db', ['./data'], 'journal.path'],
    ['a directory around the journal by a link', './data/journal.db', ['./linked-here'], 'journal.path'],
    ['the sign-in directory', './data/journal.db', ['./data/sign-in'], 'journal.path'],
    ['a directory inside the region directory', './data/journal.db', ['./data/region/acme'], 'journal.path'],
  ])('%s', async (_, journal, directories, other) => {
    const lines = await linesFor(journal, ...directories)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('expected a separate directory')
    expect(lines[0]).toContain(other)
  })
})

test.each([
  ['beside the journal', './data/journal.db', ['./data/records']],
  ['with a common prefix', './data/journal.db', ['./records', './records-of-b', './..records']],
  ['in different places', './journal.db', ['./records', '/tmp/cdrstream-elsewhere']],
])('directories %s do not overlap', async (_, journal, directories) => {
  expect(await linesFor(journal, ...directories)).toEqual([])
})
