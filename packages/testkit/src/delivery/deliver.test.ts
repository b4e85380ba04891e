import type { Batch, OpenOutcome, SinkSession, SinkTraits, WriteOutcome } from '@cdrstream/plugin'
import { describe, expect, test } from 'vitest'
import { CheckFailure } from '../check-failure.ts'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { makeRecord } from '../records/make-record.ts'
import type { CallableSink } from './callable-sink.ts'
import { deliver } from './deliver.ts'
import { TrialJournal } from './trial-journal.ts'

const session: SinkSession = { write: async () => ({ kind: 'accepted' }) }
const opened: OpenOutcome = { kind: 'opened', session }
const buffering: OpenOutcome = {
  kind: 'opened',
  session: { ...session, flush: async () => ({ kind: 'accepted' }) },
}

interface Script {
  readonly open?: readonly OpenOutcome[]
  readonly write?: readonly WriteOutcome[]
}

/** Returns a sink that answers with these outcomes one after another, and then accepts everything. */
function scripted(script: Script) {
  const calls: string[] = []
  const batches: Batch[] = []
  const open = [...(script.open ?? [])]
  const write = [...(script.write ?? [])]
  const sink: CallableSink = {
    async open() {
      calls.push('open')
      return open.shift() ?? opened
    },
    async timedWrite(batch) {
      calls.push('write')
      batches.push(batch)
      return { outcome: write.shift() ?? { kind: 'accepted' }, timedOut: false }
    },
    async release() {
      calls.push('close')
      return undefined
    },
    async flush() {
      calls.push('flush')
      return { kind: 'accepted' }
    },
  }
  return { sink, calls, batches }
}

const options = (traits: Partial<SinkTraits> = {}) => ({
  traits: { idempotence: 'key', ...traits } as const,
  patienceMs: 10_000,
})

/** The outcome of a sink that makes nothing durable before a flush. */
const buffered = (journal: TrialJournal): WriteOutcome => ({ kind: 'accepted', through: journal.position(0) })

const keysOf = ({ records }: Batch) => records.map(({ key }) => key)

describe('an opened sink', () => {
  test('is written to only after an open has succeeded', async () => {
    const { sink, calls } = scripted({ open: [{ kind: 'retry' }, { kind: 'retry', reopen: false }] })
    await deliver(sink, new TrialJournal(ordinaryRecords(1, 'acme')), options())
    expect(calls).toEqual(['open', 'open', 'open', 'write'])
  })

  test.each([
    ['stays open after retry', 'key', {}, ['open', 'write', 'write']],
    [
      'is opened again after retry with reopen',
      'key',
      { reopen: true },
      ['open', 'write', 'close', 'open', 'write'],
    ],
    [
      'is opened again if it stores its position',
      'position',
      {},
      ['open', 'write', 'close', 'open', 'write'],
    ],
  ] as const)('%s', async (_, idempotence, retry, expected) => {
    const { sink, calls } = scripted({
      open: Array.from({ length: 2 }, () => ({ ...opened, position: null })),
      write: [{ kind: 'retry', ...retry }],
    })
    await deliver(sink, new TrialJournal(ordinaryRecords(1, 'acme')), options({ idempotence }))
    expect(calls).toEqual(expected)
  })
})

describe('a sink that buffers', () => {
  test('is flushed at the end, which acknowledges its records', async () => {
    const journal = new TrialJournal(ordinaryRecords(2, 'acme'))
    const { sink, calls } = scripted({ open: [buffering], write: [buffered(journal)] })
    await deliver(sink, journal, options())
    expect(calls).toEqual(['open', 'write', 'flush'])
    expect(journal.acknowledged.offset).toBe(2)
  })

  test('is flushed after the number of batches that a check specifies', async () => {
    const journal = new TrialJournal(ordinaryRecords(5, 'acme'))
    const write = Array.from({ length: 5 }, () => buffered(journal))
    const { sink, calls } = scripted({ open: [buffering], write })
    await deliver(sink, journal, { ...options(), batchRecords: 1, flushEvery: 2 })
    expect(calls).toEqual(['open', 'write', 'write', 'flush', 'write', 'write', 'flush', 'write', 'flush'])
  })

  test('is flushed if a check continues its session, but not if the check abandons it', async () => {
    const journal = new TrialJournal(ordinaryRecords(2, 'acme'))
    const { sink, calls } = scripted({ open: [buffering], write: [buffered(journal)] })
    await deliver(sink, journal, { ...options(), flush: false })
    expect(calls).toEqual(['open', 'write'])
    expect(journal.acknowledged.offset).toBe(0)
    await deliver(sink, journal, { ...options(), from: journal.end })
    expect(calls).toEqual(['open', 'write', 'flush'])
    expect(journal.acknowledged.offset).toBe(2)
  })
})

describe('a sink that makes no progress', () => {
  const withPatience = { ...options(), patienceMs: 50 }

  test.each([
    ['answers retry', { kind: 'retry' }],
    ['answers retry without a wait', { kind: 'retry', afterMs: 0 }],
    ['requests all records again', { kind: 'accepted', again: [0] }],
  ] as const)('fails after `patienceMs` if it %s', async (_, outcome) => {
    const { sink } = scripted({ write: Array.from({ length: 100_000 }, () => outcome) })
    const delivery = deliver(sink, new TrialJournal(ordinaryRecords(1, 'acme')), withPatience)
    await expect(delivery).rejects.toThrow(CheckFailure)
  })

  test('fails at once if it reports a problem that a person has to fix', async () => {
    const failed = { kind: 'failed', code: 'disk-full', remedy: 'free some disk space' } as const
    const { sink, calls } = scripted({ write: [failed] })
    const delivery = deliver(sink, new TrialJournal(ordinaryRecords(1, 'acme')), options())
    await expect(delivery).rejects.toThrow('disk-full')
    expect(calls).toEqual(['open', 'write'])
  })
})

describe('refused records', () => {
  const records = ordinaryRecords(4, 'acme')
  const refusal = { index: 1, reason: 'bad' }

  test('are omitted when the batch is sent again in the same session', async () => {
    const { sink, calls, batches } = scripted({
      open: [{ ...opened, position: null }],
      write: [{ kind: 'refused', refused: [refusal] }],
    })
    const journal = new TrialJournal(records)
    await deliver(sink, journal, options({ idempotence: 'position' }))
    expect(calls).toEqual(['open', 'write', 'write'])
    expect(batches.map(keysOf)[1]).toEqual(records.filter((_, index) => index !== 1).map(({ key }) => key))
    expect(journal.refused).toEqual(new Map([[2, 'bad']]))
  })

  test('never form a batch alone, and the next batch begins where the last accepted one ended', async () => {
    const { sink, batches } = scripted({
      open: [{ ...opened, position: null }],
      write: [{ kind: 'accepted' }, { kind: 'refused', refused: [{ index: 0, reason: 'bad' }] }],
    })
    const journal = new TrialJournal(records)
    await deliver(sink, journal, { ...options({ idempotence: 'position' }), batchRecords: 1 })
    const spans = batches.map(({ from, to }) => [from.offset, to.offset])
    expect(spans).toEqual([
      [0, 1],
      [1, 2],
      [1, 3],
      [3, 4],
    ])
  })

  test('must not be part of an accepted outcome if the sink stores its position', async () => {
    const { sink } = scripted({
      open: [{ ...opened, position: null }],
      write: [{ kind: 'accepted', refused: [refusal] }],
    })
    const delivery = deliver(sink, new TrialJournal(records), options({ idempotence: 'position' }))
    await expect(delivery).rejects.toThrow('refused')
  })

  test.each(['accepted', 'refused'] as const)(
    'are replaced by an older revision after %s if the sink receives only the latest revisions',
    async (kind) => {
      const older = makeRecord(1, { org: 'acme', rank: 1 })
      const newer = makeRecord(1, { org: 'acme', rank: 2 })
      const { sink, batches } = scripted({ write: [{ kind, refused: [{ index: 0, reason: 'bad' }] }] })
      await deliver(sink, new TrialJournal([older, newer]), options({ revisions: 'latest' }))
      expect(batches.map((batch) => batch.records)).toEqual([[newer], [older]])
    },
  )
})
