import { join } from 'node:path'
import type { Sink } from '@cdrstream/plugin'
import { describe, expect, it } from 'vitest'
import { call, context, expectOpened, openCall, openSession, testOptions } from '../test/support/deliver.ts'
import { faultyFiles } from '../test/support/faulty-files.ts'
import { journalModel, testRecord, testRecords } from '../test/support/journal-model.ts'
import { boundFiles, MemoryFiles, systemError } from '../test/support/memory-files.ts'
import { readPublished, revisionsOf } from '../test/support/read-published.ts'
import { publishedFiles, realDirectory } from '../test/support/real-directory.ts'
import { createFileSink } from './file-sink.ts'
import type { Files } from './files.ts'
import { fileSink } from './index.ts'
import { nodeFiles } from './node-files.ts'

const journal = journalModel(testRecords(40))
const aborted = { signal: AbortSignal.abort() }

function makeSink(directory: string, files: Files = nodeFiles): Sink {
  return createFileSink({ ...testOptions, directory }, context, files)
}

async function openedPosition(sink: Sink) {
  return expectOpened(await sink.open(openCall())).position
}

describe('the plugin', () => {
  it('declares that the position is stored with the files and how long a record may wait', () => {
    const { traits } = fileSink
    const options = { ...testOptions, rotateBytes: 64_000, publishAfterMs: 5_000 }
    expect(typeof traits === 'function' && traits(options)).toMatchObject({
      idempotence: 'position',
      revisions: 'all',
      flushAfterMs: 5_000,
      batch: { bytes: 64_000 },
    })
  })

  it('resolves a relative directory from the base directory', async () => {
    const baseDirectory = await realDirectory()
    const sink = fileSink.create({ ...testOptions, directory: './records' }, { ...context, baseDirectory })
    const session = await openSession(sink)
    await session.write(journal.batch(journal.position(0), 1), call)
    await session.flush?.(call)
    expect((await publishedFiles(join(baseDirectory, 'records'))).size).toBe(1)
  })
})

describe('a position', () => {
  it('is null before anything is published', async () => {
    expect(await openedPosition(makeSink(await realDirectory()))).toBeNull()
  })

  it('starts with the first batch, because the engine can begin anywhere', async () => {
    const sink = makeSink(await realDirectory())
    const session = await openSession(sink)
    expect(await session.write(journal.batch(journal.position(7), 3), call)).toMatchObject({
      through: journal.position(7),
    })
    expect(await session.flush?.(call)).toMatchObject({ through: journal.position(10) })
    expect(await openedPosition(sink)).toEqual(journal.position(10))
  })

  it('advances with a batch that has no records', async () => {
    const session = await openSession(makeSink(await realDirectory()))
    const batch = { ...journal.batch(journal.position(0), 3), records: [] }
    expect(await session.write(batch, call)).toEqual({ kind: 'accepted', through: journal.position(0) })
    expect(await session.flush?.(call)).toEqual({ kind: 'accepted', through: journal.position(3) })
    expect(await session.flush?.(call)).toEqual({ kind: 'accepted' })
  })

  it.each([
    ['before', journal.position(0)],
    ['after', journal.position(11)],
    ['with a different commit than', { ...journal.position(10), commit: 'other' }],
  ])('%s the end of the last batch is not accepted', async (_, from) => {
    const directory = await realDirectory()
    const sink = makeSink(directory)
    const session = await openSession(sink)
    await session.write(journal.batch(journal.position(0), 10), call)
    const outcome = await session.write({ ...journal.batch(from, 5), from }, call)
    expect(outcome).toMatchObject({ kind: 'failed', code: 'unexpected-position' })
    expect(await openedPosition(sink)).toBeNull()
  })
})

describe('records that cannot become lines', () => {
  const broken = Object.defineProperty(testRecord(12), 'text', {
    get() {
      throw new Error('secret content')
    },
  })
  const undated = testRecord(14, { acceptedAtMs: Number.NaN })
  const records = journal.records.map((record, number) => {
    if (number === 12) return broken
    return number === 14 ? undated : number === 16 ? testRecord(16, { text: '[1]' }) : record
  })
  const poisoned = journalModel(records)

  it('are refused by index, without content, and nothing in their batch is collected', async () => {
    const directory = await realDirectory()
    const session = await openSession(makeSink(directory))
    await session.write(poisoned.batch(poisoned.position(0), 10), call)
    const batch = poisoned.batch(poisoned.position(10), 10)
    const outcome = await session.write(batch, call)
    expect(outcome).toMatchObject({ kind: 'refused', refused: [{ index: 2 }, { index: 4 }, { index: 6 }] })
    expect(JSON.stringify(outcome)).not.toMatch(/secret|key-1/)
    const rest = { ...batch, records: batch.records.filter((_, index) => ![2, 4, 6].includes(index)) }
    expect(await session.write(rest, call)).toMatchObject({ kind: 'accepted' })
    expect(await session.flush?.(call)).toEqual({ kind: 'accepted', through: poisoned.position(20) })
    const lines = readPublished(await publishedFiles(directory))
    expect(revisionsOf(lines.map(({ mark }) => mark))).toEqual(
      revisionsOf(journal.records.slice(0, 20).filter((_, number) => ![12, 14, 16].includes(number))),
    )
  })

  it('do not affect earlier records, which a flush still publishes', async () => {
    const directory = await realDirectory()
    const session = await openSession(makeSink(directory))
    await session.write(poisoned.batch(poisoned.position(0), 12), call)
    expect(await session.write(poisoned.batch(poisoned.position(12), 1), call)).toMatchObject({
      kind: 'refused',
    })
    expect(await session.flush?.(call)).toEqual({ kind: 'accepted', through: poisoned.position(12) })
    expect(readPublished(await publishedFiles(directory))).toHaveLength(12)
  })

  it('do not set the position if the first batch contains nothing else', async () => {
    const sink = makeSink(await realDirectory())
    const session = await openSession(sink)
    expect(await session.write(poisoned.batch(poisoned.position(12), 1), call)).toMatchObject({
      kind: 'refused',
    })
    expect(await session.flush?.(call)).toEqual({ kind: 'accepted' })
    expect(await session.write(poisoned.batch(poisoned.position(13), 1), call)).toMatchObject({
      kind: 'accepted',
    })
  })
})

describe('after an error,', () => {
  it('a new session continues after the published records', async () => {
    const directory = await realDirectory()
    const sink = makeSink(directory)
    const session = await openSession(sink)
    await session.write(journal.batch(journal.position(0), 10), call)
    await session.flush?.(call)
    await session.write(journal.batch(journal.position(10), 10), call)
    expect(await session.write(journal.batch(journal.position(20), 10), aborted)).toMatchObject({
      kind: 'retry',
    })
    await session.close?.(call)

    const { session: next, position } = expectOpened(await sink.open(openCall(journal.position(10))))
    expect(position).toEqual(journal.position(10))
    await next.write(journal.batch(journal.position(10), 30), call)
    await next.flush?.(call)
    const lines = readPublished(await publishedFiles(directory))
    expect(revisionsOf(lines.map(({ mark }) => mark))).toEqual(revisionsOf(journal.records))
  })

  it('a call that hangs in the operating system does not disturb the next session', async () => {
    const disk = new MemoryFiles()
    const gate = Promise.withResolvers<void>()
    let hang = true
    const files: Files = {
      ...boundFiles(disk),
      append: async (...args) => {
        if (hang) await gate.promise
        return disk.append(...args)
      },
    }
    const sink = createFileSink(testOptions, context, files)
    const session = await openSession(sink)
    const abort = new AbortController()
    const hanging = session.write(journal.batch(journal.position(0), 10), { signal: abort.signal })
    abort.abort()
    hang = false
    const closed = session.close?.(call)
    const opened = sink.open(openCall())
    let isOpen = false
    opened.then(() => {
      isOpen = true
    })
    expect(await disk.list('/base/records/.work')).toEqual([])
    expect(isOpen).toBe(false)
    gate.resolve()
    const { session: next, position } = expectOpened(await opened)
    expect(position).toBeNull()
    await hanging
    await closed
    await next.write(journal.batch(journal.position(0), 10), call)
    await next.flush?.(call)
    expect(readPublished(disk.published('/base/records'))).toHaveLength(10)
  })

  it.each([
    ['ENOSPC', { kind: 'retry', afterMs: 5_000 }],
    ['EDQUOT', { kind: 'retry', afterMs: 5_000 }],
    ['EIO', { kind: 'retry' }],
    ['EMFILE', { kind: 'retry' }],
    ['EACCES', { kind: 'failed', code: 'permission-denied' }],
    ['EPERM', { kind: 'failed', code: 'permission-denied' }],
    ['EROFS', { kind: 'failed', code: 'read-only' }],
    ['ENOTDIR', { kind: 'failed', code: 'not-a-directory' }],
  ])('%s from any file system call becomes an outcome', async (code, expected) => {
    for (let at = 0; ; at += 1) {
      const disk = new MemoryFiles()
      const fault = { at, moment: 'half', crash: false, error: systemError(code) } as const
      const faulty = faultyFiles(disk, fault)
      const sink = createFileSink(testOptions, context, faulty.files)
      const outcome = await deliverOnce(sink)
      if (faulty.calls() <= at) break
      expect(outcome).toMatchObject(expected)
      expect(await deliverOnce(sink)).toMatchObject({ kind: 'accepted' })
      const lines = readPublished(disk.published('/base/records'))
      expect(revisionsOf(lines.map(({ mark }) => mark))).toEqual(revisionsOf(journal.records))
    }
  })

  it('an error in a background sync is reported by the next write', async () => {
    const text = JSON.stringify({ a: 'x'.repeat(5_000_000) })
    const large = journalModel(testRecords(3, () => ({ text })))
    const disk = new MemoryFiles()
    let syncs = 0
    const sync = async (path: string) => {
      if (path.endsWith('.ndjson') && syncs++ === 0) throw systemError('EIO')
      await disk.sync(path)
    }
    const sink = createFileSink({ ...testOptions, rotateBytes: 1e9 }, context, { ...boundFiles(disk), sync })
    const session = await openSession(sink)
    expect(await session.write(large.batch(large.position(0), 1), call)).toMatchObject({ kind: 'accepted' })
    expect(await session.write(large.batch(large.position(1), 1), call)).toMatchObject({ kind: 'retry' })
    const { session: next, position } = expectOpened(await sink.open(openCall()))
    expect(position).toBeNull()
    for (let offset = 0; offset < 3; offset += 1) {
      await next.write(large.batch(large.position(offset), 1), call)
    }
    expect(await next.flush?.(call)).toMatchObject({ kind: 'accepted' })
    expect(readPublished(disk.published('/base/records'))).toHaveLength(3)
  })
})

/**
 * Opens the sink, writes the rest of the journal and flushes. Returns the first outcome that is not a
 * success, or the last one.
 */
async function deliverOnce(sink: Sink) {
  const opened = await sink.open(openCall())
  if (opened.kind !== 'opened') return opened
  const { session, position } = opened
  const written = await session.write(journal.batch(position ?? journal.position(0), 40), call)
  return written.kind === 'accepted' ? session.flush?.(call) : written
}
