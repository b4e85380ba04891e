import { join } from 'node:path'
import { wholeMs } from '@cdrstream/core'
import type { QuarantineItem } from '@cdrstream/engine'
import { expect, test } from 'vitest'
import { examplePage, exampleRecord, exampleStartMs } from '../test/support/example-page.ts'
import { openTestJournal } from '../test/support/open-test-journal.ts'
import { temporaryDirectory } from '../test/support/temporary-directory.ts'
import type { SqliteJournal } from './sqlite-journal.ts'

const minuteMs = 60_000

async function journalWith(commits: number): Promise<SqliteJournal> {
  // The clock of this machine is a day behind.
  const journal = await openTestJournal({ nowMs: () => wholeMs(exampleStartMs - 24 * 60 * minuteMs) })
  for (let number = 0; number < commits; number += 1) {
    const acceptedAtMs = wholeMs(exampleStartMs + number * minuteMs)
    await journal.commit(examplePage(number, { records: [exampleRecord(`${number}`, { acceptedAtMs })] }))
  }
  return journal
}

function refusal(offset: number, acceptedAtMs: number): QuarantineItem {
  const record = { offset, acceptedAtMs: wholeMs(acceptedAtMs) }
  return { org: 'acme', sink: 'files', reason: 'too long', text: '{}', atMs: wholeMs(exampleStartMs), record }
}

test('a sink starts where it was first registered, with the records accepted after that', async () => {
  const journal = await journalWith(3)
  const [start, end] = [await journal.start(), await journal.end()]
  await journal.registerSink('all', start, wholeMs(1))
  // Before the first response corrects it, the clock can be years off. It must not decide which records the
  // sink receives.
  await journal.registerSink('now', end, wholeMs(9e12))
  await journal.registerSink('now', start, wholeMs(8))
  expect(await journal.sink('all')).toEqual({
    first: start,
    firstMs: null,
    acknowledged: start,
    witnesses: [],
  })
  const firstMs = Number(await journal.newestAcceptedAtMs()) + 1
  expect(await journal.sink('now')).toMatchObject({ first: end, firstMs, acknowledged: end })
  expect(await journal.sink('unknown')).toBeUndefined()
})

test('an item that cannot be a record is quarantined once per org, no matter how often it is read', async () => {
  const path = join(temporaryDirectory(), 'journal.db')
  const item = (org: string, text: string) => ({
    org,
    sink: null,
    reason: 'not a record',
    text,
    atMs: exampleStartMs,
  })
  const page = {
    records: [],
    quarantined: [item('acme', '17'), item('acme', '17'), item('acme', '18'), item('blue', '17')],
  }
  for (let times = 1; times <= 3; times += 1) {
    const journal = await openTestJournal({ path })
    await journal.commit(examplePage(times, page))
    expect((await journal.inspect()).quarantined).toEqual([
      { org: 'acme', sink: null, items: 2 },
      { org: 'blue', sink: null, items: 1 },
    ])
    await journal.close()
  }
})

test('a refused record is quarantined once per sink, until it is released', async () => {
  const journal = await journalWith(3)
  await journal.registerSink('files', await journal.start(), wholeMs(1))
  const through = await journal.end()
  const refused = [refusal(2, exampleStartMs + minuteMs), refusal(3, exampleStartMs + 2 * minuteMs)]
  await journal.acknowledge('files', { through, refused })
  await journal.acknowledge('files', { through, refused })
  expect(await journal.refusedAfter('files', 0)).toEqual([2, 3])
  expect(await journal.refusedAfter('files', 2)).toEqual([3])
  expect((await journal.inspect()).quarantined).toEqual([{ org: 'acme', sink: 'files', items: 2 }])
  await journal.acknowledge('files', { through, released: [2] })
  expect(await journal.refusedAfter('files', 0)).toEqual([3])
})

test("a sink's missing records are listed by acceptance time", async () => {
  const journal = await journalWith(3)
  const [start, end] = [await journal.start(), await journal.end()]
  await journal.registerSink('files', start, wholeMs(1))
  await journal.registerSink('other', start, wholeMs(1))
  await journal.acknowledge('files', { through: start, refused: [refusal(2, exampleStartMs + minuteMs)] })
  await journal.startSink('files', end, { gap: { from: start, to: end, sinceMs: null } })
  expect(await journal.missing('files')).toEqual([
    { org: null, fromMs: null, toMs: exampleStartMs + 2 * minuteMs, reason: 'lost' },
    {
      org: 'acme',
      fromMs: exampleStartMs + minuteMs,
      toMs: exampleStartMs + minuteMs,
      reason: 'refused',
    },
  ])
  expect(await journal.missing('other')).toEqual([])
})

test('gaps that touch or overlap are merged', async () => {
  const journal = await journalWith(5)
  const at = async (offset: number) => {
    const { records, to } = await journal.read(await journal.start(), { records: offset, bytes: 1e9 })
    return records.at(-1)?.position ?? to
  }
  await journal.registerSink('files', await journal.start(), wholeMs(1))
  const lose = async (from: number, to: number) =>
    journal.startSink('files', await at(to), {
      gap: { from: await at(from), to: await at(to), sinceMs: null },
    })
  await lose(1, 2)
  await lose(4, 5)
  expect((await journal.inspect()).sinkGaps.map(({ from, to }) => [from.offset, to.offset])).toEqual([
    [1, 2],
    [4, 5],
  ])
  await lose(2, 4)
  await lose(3, 5)
  expect((await journal.inspect()).sinkGaps.map(({ from, to }) => [from.offset, to.offset])).toEqual([[1, 5]])
})

test('the witness of a day is its latest record, and witnesses of long-past days are forgotten', async () => {
  const journal = await journalWith(1)
  const through = await journal.end()
  await journal.registerSink('files', await journal.start(), wholeMs(1))
  const witnessOf = (at: number, key: string) => {
    const day = new Date(Date.UTC(2026, 8, at)).toISOString().slice(0, 10)
    return { org: 'acme', key, rank: 1, home: day, kind: 'last', span: day, position: through } as const
  }
  const month = { ...witnessOf(1, 'first'), kind: 'first', span: '2026-09' } as const
  await journal.acknowledge('files', { through, witnesses: [month, witnessOf(1, 'a')] })
  await journal.acknowledge('files', { through, witnesses: [witnessOf(1, 'b')] })
  expect((await journal.sink('files'))?.witnesses).toEqual([month, witnessOf(1, 'b')])
  for (let at = 2; at <= 45; at += 1) {
    await journal.acknowledge('files', { through, witnesses: [witnessOf(at, 'c')] })
  }
  const kept = (await journal.sink('files'))?.witnesses ?? []
  expect(kept).toHaveLength(41)
  expect(kept.slice(0, 2)).toEqual([month, witnessOf(6, 'c')])
})

test('each month keeps its first witness until it is forgotten', async () => {
  const journal = await journalWith(1)
  const through = await journal.end()
  await journal.registerSink('files', await journal.start(), wholeMs(1))
  const witness = {
    org: 'acme',
    key: 'a',
    rank: 1,
    home: '2026-10-31',
    kind: 'first',
    span: '2026-10',
    position: through,
  } as const
  const later = { ...witness, key: 'b', home: '2026-11-01', span: '2026-11' }
  await journal.acknowledge('files', { through, witnesses: [witness, later] })
  await journal.acknowledge('files', { through, witnesses: [{ ...witness, key: 'c' }] })
  expect((await journal.sink('files'))?.witnesses).toEqual([witness, later])
  const newer = { ...witness, key: 'd' }
  await journal.acknowledge('files', { through, forgotten: ['2026-10', '2026-11'], witnesses: [newer] })
  expect((await journal.sink('files'))?.witnesses).toEqual([newer])
})

test('a sink that was never registered cannot acknowledge', async () => {
  const journal = await journalWith(1)
  await expect(journal.acknowledge('files', { through: await journal.end() })).rejects.toThrow()
  expect(await journal.sink('files')).toBeUndefined()
})

// Comparing each new gap with all others took minutes and blocked the event loop.
test('thousands of old refusals become gaps without blocking the collector', async () => {
  const count = 12_000
  const journal = await openTestJournal({ keepMs: minuteMs })
  const names = Array.from({ length: count }, (_, index) => exampleRecord(String(index)))
  await journal.commit(examplePage(1, { records: names }))
  await journal.registerSink('files', await journal.start(), wholeMs(1))
  const refused = Array.from({ length: count / 2 }, (_, index) => refusal(1 + 2 * index, exampleStartMs))
  await journal.acknowledge('files', { through: await journal.end(), refused })
  await journal.prune(wholeMs(exampleStartMs + 60 * minuteMs), ['files'])
  expect((await journal.inspect()).sinkGaps).toHaveLength(count / 2)
}, 20_000)
