import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { acknowledged } from '../../test/support/acknowledge.ts'
import { examplePage, exampleProgress, exampleStartMs, textOf } from '../../test/support/example-page.ts'
import { openTestJournal, readTexts } from '../../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { encodeBlocks } from '../blocks/encode-block.ts'
import { migrate } from './migrate.ts'
import { migrations, schemaVersion } from './migrations.ts'
import { openJournal } from './open-journal.ts'

/**
 * Returns the path of a journal with schema version 1: two pages of three records, and a sink between them.
 */
async function versionOne(): Promise<string> {
  const path = join(temporaryDirectory(), 'journal.db')
  const database = new DatabaseSync(path)
  database.exec('PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL')
  migrate(database, migrations.slice(0, 1))
  const run = (sql: string, ...values: (string | number | Uint8Array)[]) =>
    database.prepare(sql).run(...values)
  run(`INSERT INTO meta (id, incarnation, created_at_ms) VALUES (1, 'first', 0)`)
  run(`INSERT INTO org (id, name) VALUES (1, 'acme')`)
  const { coverage, ...rest } = exampleProgress(2)
  run(`INSERT INTO scope (id, name, org_id, progress) VALUES (1, 'acme', 1, ?)`, JSON.stringify(rest))
  for (const { fromSec, toSec, level } of coverage)
    run('INSERT INTO coverage VALUES (1, ?, ?, ?)', fromSec, toSec, level)
  for (const number of [1, 2]) {
    const { records } = examplePage(number)
    for (const { decodedBytes, payload } of await encodeBlocks(records)) {
      run(
        'INSERT INTO block VALUES (?, ?, 1, ?, ?, ?)',
        number * 3,
        number * 3 - 2,
        `commit-${number}`,
        exampleStartMs + number,
        decodedBytes,
      )
      run('INSERT INTO payload VALUES (?, ?)', number * 3, payload)
    }
    for (const { key, fingerprint, rank } of records) {
      const packed = (tag: number, digits: string) =>
        Buffer.concat([Buffer.of(tag), Buffer.from(digits, 'hex')])
      const keyBytes = packed(1, key.replaceAll('-', ''))
      run('INSERT INTO revision_0 VALUES (1, ?, ?, ?, 20781)', keyBytes, packed(2, fingerprint), rank)
    }
  }
  run(`INSERT INTO budget VALUES ('token', '{"slots":[],"notBeforeMs":9,"limitedInARow":0}')`)
  run(`INSERT INTO sink VALUES ('files', 3, 'commit-1')`)
  database.close()
  return path
}

test('a collector migrates an older journal with everything in it', async () => {
  const path = await versionOne()
  for (const access of ['command', 'reader'] as const) {
    await expect(openJournal({ path, access })).rejects.toThrow(
      expect.objectContaining({ code: 'older-schema' }),
    )
  }
  const journal = await openTestJournal({ path, maxBytes: 1 })
  const pages = [examplePage(1), examplePage(2)]
  expect(journal.incarnation).toBe('first')
  expect(await readTexts(journal)).toEqual(pages.flatMap(({ records }) => records.map(textOf)))
  expect(await journal.progress('acme')).toEqual(exampleProgress(2))
  expect((await journal.budget('token')).notBeforeMs).toBe(9)
  const known = await journal.revisions('acme', pages[0]?.records.map(({ key }) => key) ?? [])
  expect([...known.values()].flat().map(({ home }) => home)).toEqual([
    '2026-11-24',
    '2026-11-24',
    '2026-11-24',
  ])
  expect(await acknowledged(journal, 'files')).toEqual({
    incarnation: 'first',
    offset: 3,
    commit: 'commit-1',
  })

  // The additions of version 2, payload sizes and gaps, also work on data that version 1 wrote.
  const { sinkGaps } = await journal.prune(exampleStartMs, ['files'])
  expect(sinkGaps).toEqual([
    {
      sink: 'files',
      from: { incarnation: 'first', offset: 3, commit: 'commit-1' },
      to: { incarnation: 'first', offset: 6, commit: 'commit-2' },
    },
  ])
  expect((await journal.inspect()).sinkGaps).toHaveLength(1)
})

test('a migration that fails leaves the previous version intact', async () => {
  const path = await versionOne()
  const database = new DatabaseSync(path)
  const version = () => database.prepare('PRAGMA user_version').get()?.user_version
  const broken = [...migrations.slice(0, 1), 'CREATE TABLE half (a); CREATE TABLE half (a)']
  expect(() => migrate(database, broken)).toThrow()
  expect(version()).toBe(1)
  expect(database.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).get()).toBeUndefined()
  migrate(database)
  expect(version()).toBe(schemaVersion)
  database.close()
})

test('all keys that version 2 remembered are found after the migration', async () => {
  const path = await versionOne()
  const database = new DatabaseSync(path)
  // Enough for more than one run.
  const many = 20_000
  database.exec(`
    INSERT INTO org (id, name) VALUES (2, 'globex'), (3, 'initech');
    WITH RECURSIVE numbers (n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM numbers WHERE n < ${many - 1})
    INSERT INTO revision_1 SELECT 2 + n % 2, unhex(printf('01%032x', n)), unhex(printf('02%032x', n)), n, 20781 FROM numbers;
    INSERT INTO revision_1 VALUES (2, unhex('00' || hex('content:a')), unhex('02' || hex(zeroblob(16))), 7, 20781)`)
  database.close()

  const journal = await openTestJournal({ path })

  const keyOf = (number: number) => `00000000-0000-0000-0000-${number.toString(16).padStart(12, '0')}`
  const keys = Array.from({ length: many + 1 }, (_, number) => keyOf(number))
  const known = await Promise.all(['globex', 'initech'].map((org) => journal.revisions(org, keys)))
  const isRight = (number: number): boolean => {
    const [revisions, ofOther] = [number % 2, 1 - (number % 2)].map((org) => known[org]?.get(keyOf(number)))
    return revisions?.length === 1 && revisions[0]?.rank === number && ofOther === undefined
  }
  expect(keys.findIndex((_, number) => !isRight(number))).toBe(many)
  expect(await journal.revisions('globex', ['content:a'])).toEqual(
    new Map([['content:a', [{ fingerprint: '0'.repeat(32), rank: 7, home: '2026-11-24' }]]]),
  )
})
