import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { wholeMs } from '@cdrstream/core'
import { expect, test } from 'vitest'
import { dayMs, examplePage, exampleStartMs } from '../../test/support/example-page.ts'
import { openTestJournal } from '../../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import { commitLogBlocks } from './block-table.ts'

test('a journal owns positions that have its incarnation and a known commit, up to its end', async () => {
  const journal = await openTestJournal()
  const start = await journal.start()
  const first = await journal.commit(examplePage(1))
  const end = await journal.commit(examplePage(2))
  for (const owned of [start, first, end, { ...first, offset: 1 }, { ...end, offset: 4 }]) {
    expect(await journal.owns(owned)).toBe(true)
  }
  const strangers = [
    { ...start, incarnation: 'another' },
    { ...start, commit: first.commit },
    { ...first, commit: '' },
    { ...first, offset: 4 },
    { ...end, offset: 3 },
    { ...end, offset: 7 },
    { ...end, offset: -1 },
    { ...end, offset: 4.5 },
  ]
  for (const stranger of strangers) expect(await journal.owns(stranger)).toBe(false)
})

test('a journal and its restored copy do not own the positions that the other adds', async () => {
  const directory = temporaryDirectory()
  const [original, copy] = [join(directory, 'original.db'), join(directory, 'copy.db')]
  const before = await openTestJournal({ path: original })
  const common = await before.commit(examplePage(1))
  await before.close()
  copyFileSync(original, copy)

  const a = await openTestJournal({ path: original })
  const b = await openTestJournal({ path: copy })
  expect(b.incarnation).toBe(a.incarnation)
  // A sink that followed the original is ahead of the copy.
  const ahead = await a.commit(examplePage(2))
  expect(await b.owns(ahead)).toBe(false)
  const other = await b.commit(examplePage(2))
  expect(other.offset).toBe(ahead.offset)
  for (const [journal, own, foreign] of [
    [a, ahead, other],
    [b, other, ahead],
  ] as const) {
    expect(await journal.owns(common)).toBe(true)
    expect(await journal.owns(own)).toBe(true)
    expect(await journal.owns(foreign)).toBe(false)
  }
})

test('a pruned position is still owned, and its commit is checked while it is remembered', async () => {
  const journal = await openTestJournal({ keepMs: dayMs })
  const first = await journal.commit(examplePage(1))
  const last = await journal.commit(examplePage(2))
  await journal.prune(wholeMs(exampleStartMs + 9 * dayMs), [])
  expect(await journal.end()).toEqual(last)
  expect(await journal.start()).toEqual(last)
  for (const position of [first, last]) {
    expect(await journal.owns(position)).toBe(true)
    expect(await journal.owns({ ...position, commit: 'unknown' })).toBe(false)
  }
  const next = await journal.commit(examplePage(3))
  expect(next.offset).toBe(last.offset + 3)
  expect(await journal.start()).toEqual(last)
})

test('for positions older than the remembered commits, only the incarnation is checked', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const before = await openTestJournal({ path })
  const first = await before.commit(examplePage(1))
  await before.close()
  const database = new DatabaseSync(path)
  database.exec(`
    WITH RECURSIVE number (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM number WHERE value < ${commitLogBlocks})
    INSERT INTO block (last_offset, first_offset, org_id, commit_id, accepted_at_ms, decoded_bytes)
      SELECT 3 + value, 3 + value, 1, 'commit-' || value, 0, 0 FROM number;
    INSERT INTO payload SELECT last_offset, x'' FROM block WHERE last_offset > 3`)
  database.close()

  const journal = await openTestJournal({ path, keepMs: 0 })
  await journal.prune(wholeMs(exampleStartMs + dayMs), [])
  const second = { ...first, offset: 4, commit: 'commit-1' }
  expect(await journal.start()).toEqual({
    ...first,
    offset: 3 + commitLogBlocks,
    commit: `commit-${commitLogBlocks}`,
  })
  expect(await journal.owns(second)).toBe(true)
  expect(await journal.owns({ ...second, commit: 'unknown' })).toBe(false)
  expect(await journal.owns({ ...first, commit: 'unknown' })).toBe(true)
  expect(await journal.owns({ ...first, incarnation: 'unknown' })).toBe(false)
})
