import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { wholeMs } from '@cdrstream/core'
import { JournalFullError } from '@cdrstream/engine'
import { expect, onTestFinished, test } from 'vitest'
import { acknowledge, acknowledged } from '../test/support/acknowledge.ts'
import { examplePage, exampleProgress, textOf } from '../test/support/example-page.ts'
import { openTestJournal, readTexts } from '../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../test/support/temporary-directory.ts'
import { journalDefaults } from './journal-options.ts'
import { migrate } from './open/migrate.ts'
import { openDatabase } from './open/open-database.ts'
import { sqliteJournal } from './sqlite-journal.ts'

/** Returns a journal whose file can grow by this many pages beyond an empty journal. */
function limitedJournal(morePages: number) {
  const path = join(temporaryDirectory(), 'journal.db')
  const database = openDatabase(path, 'collector')
  onTestFinished(() => database.close())
  migrate(database)
  const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count)
  const setLimit = (limit: number) => database.exec(`PRAGMA max_page_count = ${limit}`)
  setLimit(pages + morePages)
  const options = {
    ...journalDefaults,
    path,
    access: 'collector',
    nowMs: () => 0,
    randomId: () => 'commit',
  } as const
  const journal = sqliteJournal(database, 'incarnation', options, { release: () => {} })
  return { journal, makeRoom: () => setLimit(1_000_000) }
}

test('a journal that is full leaves no partial commit, and continues when there is space again', async () => {
  for (let morePages = 0; morePages < 16; morePages += 1) {
    const { journal, makeRoom } = limitedJournal(morePages)
    const page = (number: number) => examplePage(number, { count: 300, textLength: 64 })
    const texts: string[] = []
    let number = 0
    let failure: unknown
    while (failure === undefined) {
      number += 1
      await journal.commit(page(number)).then(
        () => texts.push(...page(number).records.map(textOf)),
        (error: unknown) => {
          failure = error
        },
      )
    }
    expect(failure).toBeInstanceOf(JournalFullError)
    const pages = number - 1
    expect(await readTexts(journal)).toEqual(texts)
    expect(await journal.progress('acme')).toEqual(pages === 0 ? undefined : exampleProgress(pages))
    expect((await journal.budget('token')).limitedInARow).toBe(pages)
    const lost = page(number).records.map(({ key }) => key)
    expect((await journal.revisions('acme', lost)).size).toBe(0)

    makeRoom()
    await journal.commit(page(number))
    expect(await readTexts(journal)).toHaveLength(number * 300)
  }
})

test('a budget or an acknowledgement that does not fit is refused as journal full', async () => {
  const { journal, makeRoom } = limitedJournal(0)
  const large = { slots: [], notBeforeMs: 0, limitedInARow: 0, filler: 'x'.repeat(100_000) }
  await expect(journal.changeBudget('token', () => large)).rejects.toThrow(JournalFullError)
  const refused = {
    org: 'acme',
    sink: 'files',
    reason: 'too long',
    text: 'x'.repeat(100_000),
    atMs: wholeMs(0),
  }
  await expect(acknowledge(journal, 'files', await journal.start(), [refused])).rejects.toThrow(
    JournalFullError,
  )
  expect((await journal.inspect()).quarantined).toEqual([])
  makeRoom()
  await acknowledge(journal, 'files', await journal.start(), [refused])
  expect(await acknowledged(journal, 'files')).toEqual(await journal.start())
})

/** Mounts a disk of this size. Needs root. */
function smallDisk(bytes: number): string {
  const directory = join(temporaryDirectory(), 'disk')
  mkdirSync(directory)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory], { stdio: 'ignore' })
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', directory])
  })
  return directory
}

// Only root can mount a disk. The test with a page limit above covers the same behavior for everyone.
if (process.getuid?.() === 0) {
  test(
    'a full disk leaves no partial commit, and the journal continues when there is space again',
    continuesWhenThereIsRoom,
  )
}

async function continuesWhenThereIsRoom(): Promise<void> {
  const directory = smallDisk(8_000_000)
  const ballast = join(directory, 'ballast')
  writeFileSync(ballast, Buffer.alloc(3_000_000))
  const path = join(directory, 'journal.db')
  const journal = await openTestJournal({ path, minFreeDiskBytes: 100_000 })
  const page = (number: number) => examplePage(number, { count: 1_000 })
  let pages = 0
  let failure: unknown
  while (failure === undefined) {
    await journal.commit(page(pages + 1)).then(
      () => {
        pages += 1
      },
      (error: unknown) => {
        failure = error
      },
    )
  }
  expect(failure).toBeInstanceOf(JournalFullError)
  expect(await journal.roomBytes()).toBeLessThanOrEqual(0)
  expect(await readTexts(journal)).toHaveLength(pages * 1_000)
  expect(await journal.progress('acme')).toEqual(exampleProgress(pages))

  rmSync(ballast)
  expect(await journal.roomBytes()).toBeGreaterThan(0)
  await journal.commit(page(pages + 1))
  await journal.close()
  const again = await openTestJournal({ path })
  expect(await readTexts(again)).toHaveLength((pages + 1) * 1_000)
}
