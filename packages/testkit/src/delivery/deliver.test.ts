import type { Batch, OpenOutcome, SinkSession, SinkTraits, WriteOutcome } from '@cdrstream/plugin'
import { describe, expect, test } from 'vitest'
import { ordinaryRecords } from '../records/kinds-of-records.ts'
import { makeRecord } from '../records/make-record.ts'
import { type CallableSink, deliver } from './deliver.ts'
import { TrialJournal } from './trial-journal.ts'

const session: SinkSession = { write: async () => ({ kind: 'accepted' }) }
const opened: OpenOutcome = { kind: 'opened', session }

interface Script {
  readonly open?: readonly OpenOutcome[]
  readonly write?: readonly WriteOutcome[]
}

/** A sink that gives these outcomes one after the other, then accepts everything. */
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
    async write(batch) {
      calls.push('write')
      batches.push(batch)
      return write.shift() ?? { kind: 'accepted' }
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

const keysOf = ({ records }: Batch) => records.map(({ key }) => key)

describe('a sink that is opened', () => {
  test('is written to only after an open that succeeded', async () => {
    const { sink, calls } = scripted({ open: [{ kind: 'retry' }, { kind: 'retry', reopen: false }] })
    await deliver(sink, new TrialJournal(ordinaryRecords(1, 'acme')), options())
    expect(calls).toEqual(['open', 'open', 'open', 'write', 'flush'])
  })

  test.each([
    ['stays open after retry', 'key', {}, ['open', 'write', 'write', 'flush']],
    [
      'is opened again after retry with reopen',
      'key',
      { reopen: true },
      ['open', 'write', 'open', 'write', 'flush'],
    ],
    [
      'is opened again if it stores its position',
      'position',
      {},
      ['open', 'write', 'open', 'write', 'flush'],
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

describe('records that are refused', () => {
  const records = ordinaryRecords(4, 'acme')
  const refusal = { index: 1, reason: 'bad' }

  test('are left out of the same batch, which comes again in the same session', async () => {
    const { sink, calls, batches } = scripted({
      open: [{ ...opened, position: null }],
      write: [{ kind: 'refused', refused: [refusal] }],
    })
    const journal = new TrialJournal(records)
    await deliver(sink, journal, options({ idempotence: 'position' }))
    expect(calls).toEqual(['open', 'write', 'write', 'flush'])
    expect(batches.map(keysOf)[1]).toEqual(records.filter((_, index) => index !== 1).map(({ key }) => key))
    expect(journal.refused).toEqual(new Map([[2, 'bad']]))
  })

  test('a batch of nothing else is not sent, and the next one begins where the last accepted one ended', async () => {
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

  test('a sink that stores its position must not accept the others at once', async () => {
    const { sink } = scripted({
      open: [{ ...opened, position: null }],
      write: [{ kind: 'accepted', refused: [refusal] }],
    })
    const delivery = deliver(sink, new TrialJournal(records), options({ idempotence: 'position' }))
    await expect(delivery).rejects.toThrow('refused')
  })

  test.each(['accepted', 'refused'] as const)(
    'a sink that gets the latest revision gets an older one after %s',
    async (kind) => {
      const older = makeRecord(1, { org: 'acme', rank: 1 })
      const newer = makeRecord(1, { org: 'acme', rank: 2 })
      const { sink, batches } = scripted({ write: [{ kind, refused: [{ index: 0, reason: 'bad' }] }] })
      await deliver(sink, new TrialJournal([older, newer]), options({ revisions: 'latest' }))
      expect(batches.map((batch) => batch.records)).toEqual([[newer], [older]])
    },
  )
})
