import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { examplePage } from '../../test/support/example-page.ts'
import { openTestJournal, readTexts } from '../../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import type { JournalOptions } from '../journal-options.ts'
import { findHolder } from './journal-lock.ts'
import { schemaVersion } from './migrations.ts'
import { openJournal } from './open-journal.ts'

const accesses: readonly JournalOptions['access'][] = ['collector', 'command', 'reader']

function newPath(): string {
  return join(temporaryDirectory(), 'journal.db')
}

/** Returns the path of a closed journal that has some pages. */
async function filledPath(pages = 1): Promise<string> {
  const path = newPath()
  const journal = await openTestJournal({ path })
  for (let number = 1; number <= pages; number += 1) await journal.commit(examplePage(number))
  await journal.close()
  return path
}

function change(path: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

test('a collector creates directories and files that only their owner can access', async () => {
  const path = join(temporaryDirectory(), 'a', 'b', 'journal.db')
  const journal = await openTestJournal({ path })
  await journal.commit(examplePage(1))
  const mode = (at: string) => statSync(at).mode & 0o777
  expect([mode(dirname(path)), mode(dirname(dirname(path)))]).toEqual([0o700, 0o700])
  expect([path, `${path}-wal`, `${path}-shm`, `${path}.lock`].map(mode)).toEqual([0o600, 0o600, 0o600, 0o600])
})

test('a journal has pages of 8 KB, a write-ahead log and incremental vacuum', async () => {
  const path = await filledPath()
  const database = new DatabaseSync(path, { readOnly: true })
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  expect(pragma('page_size')).toBe(8_192)
  expect(pragma('journal_mode')).toBe('wal')
  expect(pragma('auto_vacuum')).toBe(2)
  database.close()
})

test('a second collector is refused with the name of the holder until the first one closes', async () => {
  const path = newPath()
  expect(findHolder(path)).toBeUndefined()
  const first = await openTestJournal({ path, nowMs: () => 1_234 })
  const refused = expect.objectContaining({
    code: 'locked',
    holder: { pid: process.pid, host: expect.any(String), sinceMs: 1_234 },
  })
  await expect(openJournal({ path, access: 'collector' })).rejects.toThrow(refused)
  expect(findHolder(path)).toMatchObject({ pid: process.pid, sinceMs: 1_234 })
  await first.close()
  expect(findHolder(path)).toBeUndefined()
  await openTestJournal({ path })
})

test('a collector that fails to open the journal leaves no lock', async () => {
  const path = newPath()
  writeFileSync(path, 'not a database at all, but long enough to be probed')
  await expect(openJournal({ path, access: 'collector' })).rejects.toThrow()
  expect(findHolder(path)).toBeUndefined()
})

test.each(['command', 'reader'] as const)(
  'a %s is refused without a journal, and creates nothing',
  async (access) => {
    const path = newPath()
    await expect(openJournal({ path, access })).rejects.toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
    writeFileSync(path, '')
    await expect(openJournal({ path, access })).rejects.toThrow(
      expect.objectContaining({ code: 'not-found' }),
    )
    expect(statSync(path).size).toBe(0)
  },
)

test('a collector creates a journal in an empty file, which a crash may have left', async () => {
  const path = newPath()
  writeFileSync(path, '')
  const journal = await openTestJournal({ path })
  await journal.commit(examplePage(1))
})

describe('a newer file', () => {
  test.each(accesses)('is refused to a %s and left unchanged', async (access) => {
    const path = await filledPath()
    change(path, `PRAGMA user_version = ${schemaVersion + 1}; ALTER TABLE block RENAME TO something_else`)
    const before = readFileSync(path)
    await expect(openJournal({ path, access })).rejects.toThrow(
      expect.objectContaining({ code: 'newer-schema' }),
    )
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})

describe('a damaged file', () => {
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ['with a few bytes', (path) => writeFileSync(path, 'x')],
    ['of text', (path) => writeFileSync(path, 'not a database\n'.repeat(10_000))],
    ['with a broken header', (path) => overwrite(path, 0, Buffer.alloc(100, 7))],
    ['with a broken schema', (path) => overwrite(path, 100, Buffer.alloc(2_000, 7))],
    ['that is truncated', (path) => truncateSync(path, statSync(path).size / 2)],
    [
      'that is another SQLite database',
      (path) => {
        writeFileSync(path, '')
        change(path, 'CREATE TABLE other (a)')
      },
    ],
    ['with a missing table', (path) => change(path, 'DROP TABLE budget')],
    [
      'with a broken page in a small table',
      (path) => overwrite(path, 8_192 * (rootPage(path, 'coverage') - 1), Buffer.alloc(8_192, 7)),
    ],
  ]
  for (const [name, damage] of damages) {
    test.each(accesses)(`${name} is refused to a %s and left unchanged`, async (access) => {
      const path = await filledPath()
      damage(path)
      const before = readFileSync(path)
      await expect(openJournal({ path, access })).rejects.toThrow(
        expect.objectContaining({ code: 'damaged' }),
      )
      expect(readFileSync(path).equals(before)).toBe(true)
    })
  }

  test('with a broken block causes a read error, never a wrong record', async () => {
    const path = await filledPath(2)
    change(path, `UPDATE payload SET zstd = zeroblob(length(zstd)) WHERE last_offset = 6`)
    const journal = await openTestJournal({ path })
    expect((await journal.read(await journal.start(), { records: 3, bytes: 1e9 })).records).toHaveLength(3)
    await expect(readTexts(journal)).rejects.toThrow()
  })

  test('that is the lock is reported as damaged', async () => {
    const path = newPath()
    writeFileSync(`${path}.lock`, 'not a database\n'.repeat(1_000))
    await expect(openJournal({ path, access: 'collector' })).rejects.toThrow(
      expect.objectContaining({ code: 'damaged' }),
    )
  })
})

describe('a path that cannot be written', () => {
  test('because a parent directory is a file is refused', async () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    for (const path of [join(file, 'journal.db'), join(file, 'deep', 'journal.db')]) {
      await expect(openJournal({ path, access: 'collector' })).rejects.toThrow(
        expect.objectContaining({ code: 'not-writable' }),
      )
    }
  })

  test('because it is a directory is refused', async () => {
    const path = newPath()
    mkdirSync(path)
    for (const access of accesses) {
      await expect(openJournal({ path, access })).rejects.toThrow(
        expect.objectContaining({ code: 'not-writable' }),
      )
    }
  })
})

test('a reader sees commits that the collector makes after both have opened the journal', async () => {
  const path = newPath()
  const collector = await openTestJournal({ path })
  const reader = await openTestJournal({ path, access: 'reader' })
  expect(reader.incarnation).toBe(collector.incarnation)
  await collector.commit(examplePage(1))
  expect(await readTexts(reader)).toHaveLength(3)
  await collector.close()
  expect(await readTexts(reader)).toHaveLength(3)
})

test('a reader opens a journal that no one else has open', async () => {
  const reader = await openTestJournal({ path: await filledPath(), access: 'reader' })
  expect(await readTexts(reader)).toHaveLength(3)
})

function overwrite(path: string, at: number, bytes: Buffer): void {
  const content = readFileSync(path)
  bytes.copy(content, at)
  writeFileSync(path, content)
}

function rootPage(path: string, table: string): number {
  const database = new DatabaseSync(path, { readOnly: true })
  const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)
  database.close()
  return Number(row?.rootpage)
}
