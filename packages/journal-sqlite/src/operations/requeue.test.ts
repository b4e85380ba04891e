import { wholeMs } from '@cdrstream/core'
import type { Position } from '@cdrstream/plugin'
import { describe, expect, test } from 'vitest'
import { acknowledge } from '../../test/support/acknowledge.ts'
import { examplePage, exampleRecord, exampleStartMs } from '../../test/support/example-page.ts'
import { openTestJournal } from '../../test/support/open-test-journal.ts'
import type { SqliteJournal } from '../sqlite-journal.ts'
import type { RequestNote } from './operations.ts'

const limit = { records: 100, bytes: 1e9 }
const from = (journal: SqliteJournal, offset: number): Position => ({
  incarnation: journal.incarnation,
  offset,
  commit: '',
})

/** Returns a journal with six records, of which the sink `files` has refused the second. */
async function journalWithRefusal() {
  const journal = await openTestJournal()
  await journal.commit(examplePage(0))
  const end = await journal.commit(examplePage(1))
  for (const sink of ['files', 'search']) await journal.registerSink(sink, await journal.start(), wholeMs(0))
  const { records } = await journal.read(await journal.start(), limit)
  const [, second] = records
  if (second === undefined) throw new Error('no record')
  const refused = {
    org: 'acme',
    sink: 'files',
    reason: 'no',
    text: second.text,
    atMs: exampleStartMs,
    record: { offset: 2, acceptedAtMs: wholeMs(second.acceptedAtMs) },
  }
  await acknowledge(journal, 'files', end, [refused])
  const [item] = await journal.quarantined({}, { order: 'newest-first', limit: 10 })
  if (item === undefined) throw new Error('nothing in quarantine')
  const { key, rank, home, source } = second
  const record = {
    ...{ key, rank, home, source, fingerprint: '', isSuperseded: false },
    acceptedAtMs: wholeMs(second.acceptedAtMs),
    bytes: Buffer.from(second.text),
  }
  const request = await journal.addRequest('quarantine-retry', { filter: {} })
  const note: RequestNote = { id: request, progress: (span) => ({ span }) }
  const requeued = {
    org: 'acme',
    sink: 'files',
    items: [{ id: item.id, missingFromMs: record.acceptedAtMs, record }],
  }
  return { journal, end, item, second, note, requeued, request }
}

describe('a record that is retried', () => {
  test('leaves quarantine and is appended to the log again, only for the sink that refused it', async () => {
    const { journal, end, second, note, requeued, request } = await journalWithRefusal()
    const span = await journal.requeue(requeued, note)
    expect(span).toEqual({ fromOffset: 7, toOffset: 7 })
    expect(await journal.countQuarantined({})).toBe(0)
    expect((await journal.request(request))?.progress).toEqual({ span })

    const forFiles = await journal.read(end, { ...limit, sink: 'files' })
    expect(forFiles.leftOut).toBeUndefined()
    const { text, key, rank, home, acceptedAtMs } = second
    expect(forFiles.records).toMatchObject([{ text, key, rank, home, acceptedAtMs, isRetried: true }])
    const forSearch = await journal.read(end, { ...limit, sink: 'search' })
    expect(forSearch).toMatchObject({ leftOut: [7], to: { offset: 7 } })
  })

  test('is skipped at its original offset, in case the sink reads from there again', async () => {
    const { journal, note, requeued } = await journalWithRefusal()
    await journal.requeue(requeued, note)
    const read = async (sink: string) => (await journal.read(from(journal, 0), { ...limit, sink })).leftOut
    expect(await read('files')).toEqual([2])
    expect(await read('search')).toEqual([7])
    expect(await read('new')).toEqual([7])
  })

  test('counts as missing from the sink until the sink has passed it', async () => {
    const { journal, second, note, requeued } = await journalWithRefusal()
    const missing = { org: 'acme', fromMs: second.acceptedAtMs, toMs: second.acceptedAtMs, reason: 'refused' }
    expect(await journal.missing('files')).toEqual([missing])
    await journal.requeue(requeued, note)
    expect(await journal.missing('files')).toEqual([missing])
    expect(await journal.missing('search')).toEqual([])
    await acknowledge(journal, 'files', await journal.end(), [])
    expect(await journal.missing('files')).toEqual([])
  })

  test("stays in quarantine, and the request's progress is unchanged, if any part of the step fails", async () => {
    const { journal, note, requeued, request } = await journalWithRefusal()
    const [item] = requeued.items
    if (item === undefined) throw new Error('no item')
    const twice = { ...requeued, items: [item, { ...item, id: 99 }] }
    await expect(journal.requeue(twice, note)).rejects.toThrow('no longer in quarantine')
    expect(await journal.countQuarantined({})).toBe(1)
    expect((await journal.end()).offset).toBe(6)
    expect((await journal.request(request))?.state).toBe('new')
  })

  test('leaves a number that the next item does not reuse', async () => {
    const { journal, item, note, requeued } = await journalWithRefusal()
    await journal.requeue(requeued, note)
    const quarantined = [{ org: 'acme', sink: null, reason: 'not a record', text: 'x', atMs: exampleStartMs }]
    await journal.commit(examplePage(2, { quarantined }))
    const [next] = await journal.quarantined({}, { order: 'newest-first', limit: 1 })
    expect(next?.id).toBeGreaterThan(item.id)
  })
})

test('an item that can now be read as a record is deduplicated like any other and goes to all sinks', async () => {
  const journal = await openTestJournal()
  const record = exampleRecord('late')
  const quarantined = [
    { org: 'acme', sink: null, reason: 'not a record', text: record.bytes, atMs: exampleStartMs },
  ]
  const end = await journal.commit(examplePage(0, { quarantined }))
  const [item] = await journal.quarantined({ kind: 'unreadable' }, { order: 'oldest-first', limit: 1 })
  const id = await journal.addRequest('quarantine-retry', { filter: {} })
  const requeued = {
    org: 'acme',
    sink: null,
    items: [{ id: item?.id ?? 0, missingFromMs: exampleStartMs, record }],
  }
  await journal.requeue(requeued, { id, progress: () => null })
  const { leftOut, records } = await journal.read(end, { ...limit, sink: 'any' })
  expect(leftOut).toBeUndefined()
  expect(records).toMatchObject([{ key: record.key }])
  expect((await journal.revisions('acme', [record.key])).get(record.key)).toHaveLength(1)
  // The record is known if the API returns it again.
  await expect(journal.commit(examplePage(1, { records: [record] }))).rejects.toThrow('already known')
})

describe('dropping items', () => {
  test("deletes those that the sink has passed, and records them as the sink's gaps", async () => {
    const { journal, note } = await journalWithRefusal()
    await journal.dropQuarantined({}, Number.MAX_SAFE_INTEGER, note)
    expect(await journal.countQuarantined({})).toBe(0)
    expect((await journal.inspect()).sinkGaps).toMatchObject([{ sink: 'files', to: { offset: 2 } }])
    expect(await journal.missing('files')).toMatchObject([{ reason: 'lost' }])
  })

  test('keeps a record that its sink has not passed, because it would be delivered otherwise', async () => {
    const { journal, note } = await journalWithRefusal()
    await journal.rewindSink('files', await journal.start())
    await journal.dropQuarantined({}, Number.MAX_SAFE_INTEGER, note)
    expect(await journal.countQuarantined({})).toBe(1)
  })

  test('keeps those that arrived after the operator counted them', async () => {
    const { journal, item, note } = await journalWithRefusal()
    await journal.dropQuarantined({}, item.id - 1, note)
    expect(await journal.countQuarantined({})).toBe(1)
  })
})

test('items can be selected by number, org, sink, kind and part of the reason', async () => {
  const { journal, item } = await journalWithRefusal()
  const quarantined = [{ org: 'acme', sink: null, reason: 'Not a record', text: 'x', atMs: exampleStartMs }]
  await journal.commit(examplePage(2, { quarantined }))
  const count = (filter: Parameters<SqliteJournal['countQuarantined']>[0]) => journal.countQuarantined(filter)
  expect(await count({})).toBe(2)
  expect(await count({ ids: [item.id] })).toBe(1)
  expect(await count({ org: 'other' })).toBe(0)
  expect(await count({ sink: 'files' })).toBe(1)
  expect(await count({ kind: 'unreadable' })).toBe(1)
  expect(await count({ reason: 'NOT A' })).toBe(1)
  expect(await count({ reason: '%' })).toBe(0)
})

describe('a replay', () => {
  test('is remembered until the sink has acknowledged everything again', async () => {
    const { journal } = await journalWithRefusal()
    await journal.rewindSink('files', await journal.start())
    expect(await journal.sink('files')).toMatchObject({ acknowledged: { offset: 0 }, replayTo: 6 })
    const { records } = await journal.read(await journal.start(), limit)
    await acknowledge(journal, 'files', records[2]?.position ?? from(journal, 3), [])
    expect(await journal.sink('files')).toMatchObject({ replayTo: 6 })
    await acknowledge(journal, 'files', await journal.end(), [])
    expect((await journal.sink('files'))?.replayTo).toBeUndefined()
  })
})

describe('forgetting a sink', () => {
  test('deletes everything about it and nothing about others', async () => {
    const { journal } = await journalWithRefusal()
    await journal.pauseSink('files')
    expect(await journal.forgetSink('files')).toEqual({ position: 6, quarantined: 1 })
    expect(await journal.sink('files')).toBeUndefined()
    expect(await journal.sink('search')).toBeDefined()
    expect(await journal.inspect()).toMatchObject({ quarantined: [], pausedSinks: [] })
    expect(await journal.forgetSink('files')).toBeUndefined()
  })
})

test('a sink can be paused before it is registered, and stays paused', async () => {
  const journal = await openTestJournal()
  await journal.pauseSink('later')
  await journal.registerSink('later', await journal.start(), wholeMs(0))
  expect((await journal.sink('later'))?.isPaused).toBe(true)
  await journal.resumeSink('later')
  expect((await journal.sink('later'))?.isPaused).toBeUndefined()
})
