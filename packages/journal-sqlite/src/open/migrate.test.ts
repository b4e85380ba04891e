import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { encodeBlocks } from '../blocks/encode-block.ts'
import { packText } from '../tables/compact-text.ts'
import { examplePage, exampleProgress, exampleStartMs, textOf } from '../testing/example-page.ts'
import { openTestJournal, readTexts } from '../testing/open-test-journal.ts'
import { temporaryDirectory } from '../testing/temporary-directory.ts'
import { migrate } from './migrate.ts'
import { migrations, schemaVersion } from './migrations.ts'
import { openJournal } from './open-journal.ts'

/** A journal as version 1 left it: two pages of three records, a sink in between. */
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
      run('INSERT INTO revision_0 VALUES (1, ?, ?, ?, 20781)', packText(key), packText(fingerprint), rank)
    }
  }
  run(`INSERT INTO budget VALUES ('token', '{"slots":[],"notBeforeMs":9,"limitedInARow":0}')`)
  run(`INSERT INTO sink VALUES ('files', 3, 'commit-1')`)
  database.close()
  return path
}

test('an older journal is migrated by the collector, with all that is in it', async () => {
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
  expect(await journal.sinkPosition('files')).toEqual({ incarnation: 'first', offset: 3, commit: 'commit-1' })

  // What version 2 brought works on what version 1 wrote: the bytes of a payload, and gaps.
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

test('a migration that fails leaves the version before, whole', async () => {
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
