import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { call, context, expectOpened, openCall, testOptions } from '../test/support/deliver.ts'
import { deliverRest } from '../test/support/deliver-rest.ts'
import { journalModel, testRecords } from '../test/support/journal-model.ts'
import { readPublished, revisionsOf } from '../test/support/read-published.ts'
import { publishedFiles, realDirectory } from '../test/support/real-directory.ts'
import { createFileSink } from './file-sink.ts'
import { nodeFiles } from './node-files.ts'

const journal = journalModel(testRecords(40))
const other = journalModel(testRecords(20), 'ffffffff-replaced')
const lastFile = 'acme/2026-11-24/0f9d3a52-000000000010-000000000020.ndjson'

/** Creates a directory with records 1 to 10 in one file and 11 to 20 in another. */
async function publishedTwice(): Promise<string> {
  const directory = await realDirectory()
  await deliverRest(directory, journal, { acknowledged: null, until: 10 })
  await deliverRest(directory, journal, { acknowledged: journal.position(10), until: 20 })
  return directory
}

async function publishedRevisions(directory: string): Promise<readonly string[]> {
  const lines = readPublished(await publishedFiles(directory))
  return revisionsOf(lines.map(({ mark }) => mark))
}

function revisions(from: number, to: number): readonly string[] {
  return revisionsOf(journal.records.slice(from, to))
}

const removeWork = (directory: string) => rm(join(directory, '.work'), { recursive: true })

async function moveAway(directory: string): Promise<void> {
  for (const path of (await publishedFiles(directory)).keys()) await rm(join(directory, path))
}

describe('with a position before the oldest record of the journal, the sink', () => {
  it('continues at the start of the journal, including after another restart', async () => {
    const directory = await publishedTwice()
    const acknowledged = journal.position(25)
    expect(await deliverRest(directory, journal, { acknowledged, start: 25, until: 30 })).toMatchObject({
      position: journal.position(20),
      outcome: { kind: 'accepted', through: journal.position(30) },
    })
    await deliverRest(directory, journal, { acknowledged: journal.position(30), start: 25 })
    const expected = [...revisions(0, 20), ...revisions(25, 40)]
    expect((await publishedRevisions(directory)).toSorted()).toEqual(expected.toSorted())
  })
})

describe('without its work directory, the sink', () => {
  it('continues after the last acknowledged record, warns, and publishes nothing twice', async () => {
    const directory = await publishedTwice()
    await removeWork(directory)
    const acknowledged = journal.position(20)
    expect(await deliverRest(directory, journal, { acknowledged, until: 30 })).toMatchObject({
      position: acknowledged,
      outcome: { kind: 'accepted', through: journal.position(30) },
      warnings: [expect.any(String)],
    })
    expect(await deliverRest(directory, journal, { acknowledged: journal.position(30) })).toMatchObject({
      position: journal.position(30),
      warnings: [],
    })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 40))
  })

  it('continues even if it was killed before it published anything more', async () => {
    const directory = await publishedTwice()
    await removeWork(directory)
    const acknowledged = journal.position(20)
    for (let run = 0; run < 2; run += 1) {
      const sink = createFileSink({ ...testOptions, directory }, context, nodeFiles)
      const { session, position } = expectOpened(await sink.open(openCall(acknowledged)))
      expect(position).toEqual(acknowledged)
      await session.write(journal.batch(acknowledged, 5), call)
    }
    await deliverRest(directory, journal, { acknowledged: journal.position(25) })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 40))
  })

  it('continues if readers have moved all files to another directory', async () => {
    const directory = await publishedTwice()
    await removeWork(directory)
    await moveAway(directory)
    const acknowledged = journal.position(20)
    expect(await deliverRest(directory, journal, { acknowledged })).toMatchObject({
      position: acknowledged,
      warnings: [expect.any(String)],
    })
    expect(await publishedRevisions(directory)).toEqual(revisions(20, 40))
  })

  it('stops if a file has records that were not acknowledged, until that file is moved to another directory', async () => {
    const directory = await publishedTwice()
    await removeWork(directory)
    const acknowledged = journal.position(10)
    for (let start = 0; start < 2; start += 1) {
      const { outcome } = await deliverRest(directory, journal, { acknowledged })
      expect(outcome).toMatchObject({ kind: 'failed', code: 'state-missing' })
      expect(outcome).toMatchObject({ remedy: expect.stringContaining(lastFile) })
    }
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 20))
    await rename(join(directory, lastFile), join(directory, 'moved'))
    expect(await deliverRest(directory, journal, { acknowledged })).toMatchObject({ position: acknowledged })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 40))
  })

  it.each([
    ['has recorded nothing', null],
    ['was restored from before the first record', journal.position(0)],
  ])('stops if the journal %s and the files belong to this journal', async (_, acknowledged) => {
    const directory = await publishedTwice()
    await removeWork(directory)
    const { outcome } = await deliverRest(directory, journal, { acknowledged })
    expect(outcome).toMatchObject({ kind: 'failed', code: 'state-missing' })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 20))
  })

  it('stops if all files belong to a different journal and this journal has delivered records', async () => {
    const directory = await publishedTwice()
    await removeWork(directory)
    const { outcome } = await deliverRest(directory, other, { acknowledged: other.position(10) })
    expect(outcome).toMatchObject({ kind: 'failed', code: 'state-missing' })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 20))
  })

  it.each([null, other.position(0)])(
    'starts if all files belong to a different journal and this journal is new: acknowledged %j',
    async (acknowledged) => {
      const directory = await publishedTwice()
      await removeWork(directory)
      expect(await deliverRest(directory, other, { acknowledged })).toMatchObject({
        position: null,
        outcome: { kind: 'accepted', through: other.position(20) },
      })
    },
  )

  it('fails at the next call if the work directory is removed while the sink is open', async () => {
    const directory = await publishedTwice()
    const acknowledged = journal.position(20)
    const sink = createFileSink({ ...testOptions, directory }, context, nodeFiles)
    const { session } = expectOpened(await sink.open(openCall(acknowledged)))
    await session.write(journal.batch(acknowledged, 5), call)
    await removeWork(directory)
    expect(await session.flush?.(call)).toMatchObject({ kind: 'retry' })
    await deliverRest(directory, journal, { acknowledged })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 40))
  })
})

describe('a directory', () => {
  it.each([
    ['that does not exist', async () => {}],
    ['that is empty', (directory: string) => mkdir(directory)],
    [
      'on a new volume',
      (directory: string) => mkdir(join(directory, 'lost+found', 'x'), { recursive: true }),
    ],
    [
      "with other programs' directories",
      (directory: string) => mkdir(join(directory, 'acme', 'x'), { recursive: true }),
    ],
    ['that was opened before', (directory: string) => mkdir(join(directory, '.work'), { recursive: true })],
  ])('%s has no position, even if the journal has recorded one', async (_, prepare) => {
    const directory = join(await realDirectory(), 'records')
    await prepare(directory)
    expect(await deliverRest(directory, journal, { acknowledged: journal.position(20) })).toMatchObject({
      position: null,
      outcome: { kind: 'accepted' },
    })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 40))
  })
})

describe('with its work directory from an older backup, the sink', () => {
  async function withOlderWork(then: (directory: string) => Promise<void>): Promise<string> {
    const directory = await realDirectory()
    const backup = join(await realDirectory(), 'work')
    await deliverRest(directory, journal, { acknowledged: null, until: 10 })
    await cp(join(directory, '.work'), backup, { recursive: true })
    await deliverRest(directory, journal, { acknowledged: journal.position(10), until: 20 })
    await then(directory)
    await removeWork(directory)
    await cp(backup, join(directory, '.work'), { recursive: true })
    return directory
  }

  it('continues after the last acknowledged record, warns, and publishes nothing twice', async () => {
    const directory = await withOlderWork(async () => {})
    const acknowledged = journal.position(20)
    expect(await deliverRest(directory, journal, { acknowledged })).toMatchObject({
      position: acknowledged,
      warnings: [expect.any(String)],
    })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 40))
  })

  it("does not carry out the backup's intent again", async () => {
    const directory = await withOlderWork(async () => {})
    const statePath = join(directory, '.work', 'state.json')
    const state = JSON.parse(await readFile(statePath, 'utf8'))
    for (const { temporary, final } of state.files) {
      await rename(join(directory, final), join(directory, '.work', temporary))
    }
    await deliverRest(directory, journal, { acknowledged: journal.position(20) })
    // A reader had moved that file to another directory.
    expect(await publishedRevisions(directory)).toEqual(revisions(10, 40))
  })

  it('stops if a file has records that were not acknowledged', async () => {
    const directory = await withOlderWork(async () => {})
    const { outcome } = await deliverRest(directory, journal, { acknowledged: journal.position(15) })
    expect(outcome).toMatchObject({ kind: 'failed', code: 'state-missing' })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 20))
  })

  it('returns the older position, with a warning, if the whole directory is that old', async () => {
    const directory = await withOlderWork((directory) => rm(join(directory, lastFile)))
    expect(await deliverRest(directory, journal, { acknowledged: journal.position(20) })).toMatchObject({
      position: journal.position(10),
      warnings: [expect.any(String)],
    })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 40))
  })
})

describe('after the journal is restored from a copy, the sink', () => {
  const restored = journalModel(testRecords(15))
  const diverged = journalModel(testRecords(60), journal.position(0).incarnation, 'other')

  it.each([
    ['ends before the files', restored, 0],
    ['ends before the files and begins later', restored, 4],
    ['has no records', journalModel([]), 0],
    ['has other commits at the same offsets', diverged, 0],
    ['has other commits and begins after the files', diverged, 40],
  ])('stops at every start if the journal %s', async (_, copy, start) => {
    const directory = await publishedTwice()
    for (const acknowledged of [null, copy.position(start), copy.position(start)]) {
      const { outcome } = await deliverRest(directory, copy, { acknowledged, start })
      expect(outcome).toMatchObject({
        kind: 'failed',
        code: 'unexpected-position',
        remedy: expect.stringContaining('directory'),
      })
    }
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 20))
  })

  it('continues after the files if the copy has all of their records, even if it had recorded an earlier position', async () => {
    const directory = await publishedTwice()
    expect(await deliverRest(directory, journal, { acknowledged: journal.position(10) })).toMatchObject({
      position: journal.position(20),
      warnings: [],
    })
    expect(await publishedRevisions(directory)).toEqual(revisions(0, 40))
  })
})

describe('after the journal is replaced by a new one, the sink', () => {
  async function replaced(): Promise<string> {
    const directory = await publishedTwice()
    expect(await deliverRest(directory, other, { acknowledged: null })).toMatchObject({
      outcome: { kind: 'accepted', through: other.position(20) },
    })
    return directory
  }

  it('starts over next to the old files, under distinct names', async () => {
    const directory = await replaced()
    expect([...(await publishedFiles(directory)).keys()].map((path) => path.split('/').at(-1))).toEqual([
      '0f9d3a52-000000000000-000000000010.ndjson',
      '0f9d3a52-000000000010-000000000020.ndjson',
      'ffffffff-000000000000-000000000020.ndjson',
    ])
    expect(await deliverRest(directory, other, { acknowledged: other.position(20) })).toMatchObject({
      position: other.position(20),
    })
  })

  it('continues where it stopped if the first journal is restored unchanged', async () => {
    const directory = await replaced()
    const before = await publishedRevisions(directory)
    expect(await deliverRest(directory, journal, { acknowledged: journal.position(20) })).toMatchObject({
      position: journal.position(20),
      outcome: { kind: 'accepted', through: journal.position(40) },
    })
    expect(await publishedRevisions(directory)).toEqual([...before, ...revisions(20, 40)].sort())
    expect(await deliverRest(directory, other, { acknowledged: other.position(20) })).toMatchObject({
      position: other.position(20),
    })
  })

  it.each([null, journal.position(0), journal.position(15)])(
    'stops if an older copy of the first journal is restored: acknowledged %j',
    async (acknowledged) => {
      const directory = await replaced()
      const before = await publishedRevisions(directory)
      const copy = journalModel(testRecords(15))
      for (let start = 0; start < 2; start += 1) {
        const { outcome } = await deliverRest(directory, copy, { acknowledged })
        expect(outcome).toMatchObject({ kind: 'failed', code: 'unexpected-position' })
      }
      expect(await publishedRevisions(directory)).toEqual(before)
    },
  )

  it('recognizes files from the first journal even if the state has no record of that journal', async () => {
    const directory = await replaced()
    const before = await publishedRevisions(directory)
    const state = { version: 1, position: other.position(20), files: [] }
    await writeFile(join(directory, '.work', 'state.json'), JSON.stringify(state))
    const { outcome } = await deliverRest(directory, journal, { acknowledged: null })
    expect(outcome).toMatchObject({ kind: 'failed', code: 'state-missing' })
    expect(await publishedRevisions(directory)).toEqual(before)
  })
})
