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

describe('a file sink needs a directory of its own, which is not', () => {
  test.each([
    ['that of another one', './data/journal.db', ['./records', './records'], 'sinks[0].options.directory'],
    ['one in that of another one', './data/journal.db', ['./records', './records/b'], 'sinks[0]'],
    ['one around that of another one', './data/journal.db', ['./records/a', './records'], 'sinks[0]'],
    ['that of another one by a link', './data/journal.db', ['./records', './linked-records'], 'sinks[0]'],
    ['one to come in a link', './data/journal.db', ['./records/new', './linked-records/new'], 'sinks[0]'],
    ['that of the journal', './data/journal.db', ['./data'], 'journal.path'],
    ['one around the journal', './data/deep/journal.db', ['./data'], 'journal.path'],
    ['one around the journal by a link', './data/journal.db', ['./linked-here'], 'journal.path'],
    ['that of the stored sign-ins', './data/journal.db', ['./data/sign-in'], 'journal.path'],
    ['one in that of the regions', './data/journal.db', ['./data/region/acme'], 'journal.path'],
  ])('%s', async (_, journal, directories, other) => {
    const lines = await linesFor(journal, ...directories)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('expected a directory of its own')
    expect(lines[0]).toContain(other)
  })
})

test.each([
  ['beside the journal', './data/journal.db', ['./data/records']],
  ['with the beginning of another name', './data/journal.db', ['./records', './records-of-b', './..records']],
  ['in different places', './journal.db', ['./records', '/tmp/cdrstream-elsewhere']],
])('directories %s do not overlap', async (_, journal, directories) => {
  expect(await linesFor(journal, ...directories)).toEqual([])
})
