import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { wholeMs } from '@cdrstream/core'
import type { Position } from '@cdrstream/plugin'
import { expect, test } from 'vitest'
import { acknowledge, acknowledged } from '../../test/support/acknowledge.ts'
import { dayMs, examplePage, exampleRecord, exampleStartMs } from '../../test/support/example-page.ts'
import { openTestJournal, readTexts } from '../../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../../test/support/temporary-directory.ts'
import type { SqliteJournal } from '../sqlite-journal.ts'

const onDay = (day: number) => wholeMs(exampleStartMs + day * dayMs)

/** Commits three records that are accepted on this day. */
function commitOn(journal: SqliteJournal, day: number, textLength = 40) {
  const record = (name: string) => exampleRecord(`${day}/${name}`, { acceptedAtMs: onDay(day) }, textLength)
  return journal.commit(examplePage(day, { records: ['a', 'b', 'c'].map(record) }))
}

test('only records that are old and acknowledged by every sink are deleted', async () => {
  const journal = await openTestJournal({ keepMs: 10 * dayMs })
  const ends = [await commitOn(journal, 0), await commitOn(journal, 1), await commitOn(journal, 2)]
  const [first, second, third] = ends
  if (first === undefined || second === undefined || third === undefined) throw new Error('three commits')
  const prune = async (day: number) => {
    const { records, sinkGaps } = await journal.prune(onDay(day), ['files', 'warehouse'])
    expect(sinkGaps).toEqual([])
    return records
  }
  // A sink that is not registered yet blocks pruning.
  await acknowledge(journal, 'files', third)
  expect(await prune(100)).toBe(0)
  // A block stays until all of its records are acknowledged.
  await acknowledge(journal, 'warehouse', { ...second, offset: 5 })
  expect(await prune(10)).toBe(0)
  expect(await prune(11)).toBe(3)
  expect(await journal.start()).toEqual(first)
  await acknowledge(journal, 'warehouse', third)
  expect(await prune(12)).toBe(3)
  expect(await journal.start()).toEqual(second)
  // A sink that is no longer configured does not block pruning.
  expect((await journal.prune(onDay(13), [])).records).toBe(3)
  expect(await journal.start()).toEqual(await journal.end())
  expect(await journal.end()).toEqual(third)
})

test('an old block that follows a newer one stays, so that the log has no holes', async () => {
  const journal = await openTestJournal({ keepMs: 10 * dayMs })
  await commitOn(journal, 20)
  await commitOn(journal, 0)
  expect((await journal.prune(onDay(15), [])).records).toBe(0)
  expect(await readTexts(journal)).toHaveLength(6)
})

test('a long log is pruned in small steps, so that other calls can run between them', async () => {
  const journal = await openTestJournal({ keepMs: dayMs })
  for (let day = 0; day < 200; day += 1) await commitOn(journal, day)
  const pruning = journal.prune(onDay(1_000), [])
  const startMeanwhile = await journal.start()
  const { offset } = await commitOn(journal, 1_000)
  expect(startMeanwhile.offset).toBeLessThan(600)
  expect((await pruning).records).toBe(600)
  expect((await journal.start()).offset).toBe(600)
  expect(offset).toBe(603)
  expect(await readTexts(journal)).toHaveLength(3)
})

test('old items in quarantine are deleted, including items that never were records', async () => {
  const journal = await openTestJournal({ keepMs: dayMs })
  const item = (day: number, text: string) => ({
    org: 'acme',
    sink: null,
    reason: 'not a record',
    text,
    atMs: onDay(day),
  })
  const old = Array.from({ length: 1_200 }, (_, index) => item(0, String(index)))
  await journal.commit(examplePage(1, { quarantined: [...old, item(5, 'new')] }))
  await journal.prune(onDay(5), [])
  expect((await journal.inspect()).quarantined).toEqual([{ org: 'acme', sink: null, items: 1 }])
})

test('above maxBytes the oldest records are deleted, and each sink that was behind gets a gap', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const maxBytes = 4_000_000
  const journal = await openTestJournal({ path, maxBytes })
  const commit = (day: number) => journal.commit(examplePage(day, { records: randomRecords(day) }))
  const early = await commit(0)
  let end = early
  for (let day = 1; day < 12; day += 1) end = await commit(day)
  const inside = { ...early, offset: 1 }
  await acknowledge(journal, 'slow', inside)
  await acknowledge(journal, 'quick', end)
  const { records, sinkGaps } = await journal.prune(onDay(12), ['slow', 'quick', 'new'])

  const start = await journal.start()
  const { bytes, sinkGaps: recorded } = await journal.inspect()
  expect(start.offset).toBe(records)
  expect(records).toBeGreaterThan(0)
  expect(bytes.used).toBeLessThanOrEqual(maxBytes)
  expect(bytes.used).toBeGreaterThan(maxBytes - 1_000_000)
  expect(sinkGaps).toEqual([
    { sink: 'slow', from: inside, to: start },
    { sink: 'new', from: { ...start, offset: 0, commit: '' }, to: start },
  ])
  expect(recorded.map(({ sink, from, to }) => ({ sink, from, to }))).toEqual(
    sinkGaps.toSorted((a, b) => (a.sink < b.sink ? -1 : 1)),
  )
  expect(recorded[1]).toMatchObject({ acceptedFromMs: onDay(0), acceptedToMs: onDay(records / 4 - 1) })
  expect(await acknowledged(journal, 'slow')).toEqual(inside)
  expect(await journal.owns(inside)).toBe(true)
  const { records: next } = await journal.read(inside, { records: 1, bytes: 1 })
  expect(next[0]?.position.offset).toBe(start.offset + 1)

  // A further loss extends the gap.
  for (let day = 12; day < 16; day += 1) await commit(day)
  const later = await journal.prune(onDay(16), ['slow'])
  const newStart = await journal.start()
  expect(later.sinkGaps).toEqual([{ sink: 'slow', from: start, to: newStart }])
  const slow = (await journal.inspect()).sinkGaps.filter(({ sink }) => sink === 'slow')
  expect(slow).toMatchObject([{ sink: 'slow', from: inside, to: newStart, atMs: onDay(16) }])
})

/** Items that cannot be records, each with a different text. */
const garbage = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    org: 'acme',
    sink: null,
    reason: 'not a record',
    text: String(from + index).padEnd(10_000, 'x'),
    atMs: exampleStartMs,
  }))

test('expired items that never were records still count as gaps, merged only if they are close', async () => {
  const journal = await openTestJournal({ keepMs: 10 * dayMs })
  const item = (hour: number) => {
    const atMs = wholeMs(onDay(0) + hour * 3_600_000)
    return { org: 'acme', sink: null, reason: 'not JSON', text: String(hour), atMs }
  }
  await journal.commit(examplePage(1, { records: [], quarantined: [0, 0.5, 40, 90].map(item) }))
  await journal.prune(onDay(20), [])
  expect((await journal.inspect()).quarantined).toEqual([])
  expect((await journal.inspect()).quarantineDropped).toEqual([])
  const spans = (await journal.missing('files')).map(({ fromMs, toMs }) => [fromMs, toMs])
  expect(spans).toEqual([
    [item(0).atMs, item(0.5).atMs],
    [item(40).atMs, item(40).atMs],
    [item(90).atMs, item(90).atMs],
  ])
})

test("items that exceed quarantine's share are counted and displace no records", async () => {
  const maxBytes = 2_000_000
  const journal = await openTestJournal({ maxBytes })
  await journal.commit(examplePage(1))
  const end = await journal.end()
  for (let page = 0; page < 20; page += 1)
    await journal.commit(examplePage(2 + page, { records: [], quarantined: garbage(50, 50 * page) }))
  expect(await journal.prune(onDay(1), ['files'])).toEqual({ records: 0, sinkGaps: [] })
  const { quarantined, quarantineDropped, bytes, start } = await journal.inspect()
  const kept = quarantined[0]?.items ?? 0
  expect(kept).toBeGreaterThan(10)
  expect(quarantineDropped).toEqual([{ org: 'acme', sink: null, items: 1_000 - kept }])
  expect(bytes.used).toBeLessThan(maxBytes / 2)
  expect(start.offset).toBe(0)
  expect((await journal.read(start, { records: 10, bytes: 1e6 })).to).toEqual(end)
})

test('at most 100,000 items that cannot be records are kept, and the others are counted', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  let journal = await openTestJournal({ path })
  const tiny = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({
      org: 'acme',
      sink: null,
      reason: 'not a record: a number',
      text: Buffer.from(String(from + index)),
      atMs: exampleStartMs,
    }))
  await journal.commit(examplePage(1, { records: [], quarantined: tiny(0, 99_999) }))
  await journal.close()
  journal = await openTestJournal({ path })
  // The first two are already in quarantine.
  await journal.commit(
    examplePage(2, { records: [], quarantined: [...tiny(0, 2), ...tiny(99_999, 100_003)] }),
  )
  const { quarantined, quarantineDropped } = await journal.inspect()
  expect(quarantined).toEqual([{ org: 'acme', sink: null, items: 100_000 }])
  expect(quarantineDropped).toEqual([{ org: 'acme', sink: null, items: 3 }])
})

test("when quarantine's share shrinks, its oldest items are deleted and counted as dropped", async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const journal = await openTestJournal({ path })
  await journal.commit(examplePage(1, { quarantined: garbage(100) }))
  await journal.close()
  const smaller = await openTestJournal({ path, maxBytes: 5_000_000 })
  await smaller.prune(onDay(1), [])
  const { quarantined, quarantineDropped } = await smaller.inspect()
  expect(quarantined[0]?.items).toBeLessThan(50)
  expect((quarantined[0]?.items ?? 0) + (quarantineDropped[0]?.items ?? 0)).toBe(100)
})

test('the file shrinks if the disk is short of space', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const journal = await openTestJournal({ path, keepMs: 0, minFreeDiskBytes: 1e18 })
  for (let day = 0; day < 6; day += 1) await journal.commit(examplePage(day, { records: randomRecords(day) }))
  // Closing the journal copies the content of the WAL into the file.
  await journal.close()
  const before = statSync(path).size
  const again = await openTestJournal({ path, keepMs: 0, minFreeDiskBytes: 1e18 })
  await again.prune(onDay(9), [])
  expect((await again.inspect()).bytes.free).toBe(0)
  expect(statSync(path).size).toBeLessThan(before - 2_500_000)
})

test('a refused record that is no longer kept becomes a gap in its sink', async () => {
  const journal = await openTestJournal({ keepMs: dayMs })
  const end = await commitOn(journal, 0)
  await refuse(journal, end, 2)
  expect(await journal.missing('files')).toMatchObject([{ reason: 'refused', toMs: onDay(0) }])
  await journal.prune(onDay(5), ['files'])
  expect(await journal.refusedAfter('files', 0)).toEqual([])
  expect(await journal.missing('files')).toEqual([
    { org: null, fromMs: onDay(0), toMs: onDay(0), reason: 'lost' },
  ])
  expect((await journal.inspect()).sinkGaps).toMatchObject([
    { sink: 'files', from: { offset: 1 }, to: { offset: 2 } },
  ])
})

test('a refused record stays in quarantine until its sink has passed it', async () => {
  const journal = await openTestJournal({ keepMs: dayMs })
  const end = await commitOn(journal, 0)
  await refuse(journal, { ...end, offset: 1 }, 2)
  await journal.prune(onDay(5), ['files'])
  expect(await journal.refusedAfter('files', 0)).toEqual([2])
})

test('the file keeps free pages for later records while the disk has enough space', async () => {
  const journal = await openTestJournal({ keepMs: 0, minFreeDiskBytes: 0 })
  for (let day = 0; day < 6; day += 1) await journal.commit(examplePage(day, { records: randomRecords(day) }))
  await journal.prune(onDay(9), [])
  const { bytes } = await journal.inspect()
  expect(bytes.free).toBeGreaterThan(2_500_000)
})

/** Sets the position of the sink, and reports the record at this offset as refused. */
async function refuse(journal: SqliteJournal, through: Position, offset: number): Promise<void> {
  await acknowledge(journal, 'files', through)
  const record = { offset, acceptedAtMs: onDay(0) }
  const refused = [{ org: 'acme', sink: 'files', reason: 'too long', text: '{}', atMs: onDay(0), record }]
  await journal.acknowledge('files', { through, refused })
}

/** Returns half a megabyte of records that do not compress. */
function randomRecords(day: number) {
  return Array.from({ length: 4 }, (_, index) => {
    const bytes = createHash('shake256', { outputLength: 131_072 }).update(`${day}/${index}`).digest()
    return exampleRecord(`${day}/${index}`, {
      bytes: Buffer.from(bytes.toString('hex')),
      acceptedAtMs: onDay(day),
    })
  })
}
