import type { Position, WriteOutcome } from '@cdrstream/plugin'
import { describe, expect, it } from 'vitest'
import { applyDelivery, type DeliveryEvent } from './apply-delivery.ts'
import { type DeliverableRecord, deliveryState, deliveryTerms } from './delivery-state.ts'
import { nextDelivery } from './next-delivery.ts'

const terms = deliveryTerms({ idempotence: 'key' })
const nowMs = 1_000_000
const at = (offset: number): Position => ({ incarnation: 'this', offset, commit: '' })
const records: readonly DeliverableRecord[] = [1, 2, 3].map((offset) => ({
  org: 'acme',
  key: `r${offset}`,
  rank: 1,
  position: at(offset),
}))
const opened = { kind: 'opened', at: at(0), refused: [], flushes: true } as const
const read = { kind: 'read', records, to: at(3) } as const
const readFirst = { kind: 'read', records: records.slice(0, 1), to: at(1) } as const
const readRest = { kind: 'read', records: records.slice(1), to: at(3) } as const
const written = (outcome: WriteOutcome) => ({ kind: 'written', outcome, timedOut: false }) as const

function after(...events: readonly DeliveryEvent<DeliverableRecord>[]) {
  return events.reduce(
    (state, event) => applyDelivery(state, event, terms, nowMs),
    deliveryState<DeliverableRecord>(terms),
  )
}

describe('the position advances no further than the sink reports', () => {
  const buffered = written({ kind: 'accepted', through: at(0) })

  it.each([
    ['when nothing is durable yet', at(0)],
    ['when the first of two batches is durable', at(1)],
  ])('%s', (_, through) => {
    const state = after(opened, readFirst, buffered, readRest, written({ kind: 'accepted', through }))
    expect(state).toMatchObject({ through, readTo: at(3) })
  })

  it('when a flush made the first of two batches durable', () => {
    const flushed = { kind: 'flushed', outcome: { kind: 'accepted', through: at(1) } } as const
    expect(after(opened, readFirst, buffered, readRest, buffered, flushed)).toMatchObject({
      through: at(1),
      unrecorded: { through: at(1) },
    })
  })

  it('and a position within a batch counts as the end of the previous batch', () => {
    const state = after(opened, readFirst, buffered, readRest, written({ kind: 'accepted', through: at(2) }))
    expect(state.through).toEqual(at(1))
  })

  it('and a position beyond everything that was sent counts as the end of what was sent', () => {
    const state = after(opened, read, written({ kind: 'accepted', through: at(9) }))
    expect(state.through).toEqual(at(3))
  })
})

describe('a sink whose position is before the start of the journal', () => {
  it("receives the first remaining record, in a batch that follows the sink's position", () => {
    const state = after({ ...opened, at: at(1), stored: at(0) })
    const situation = { nowMs, draining: false, hasMarks: false }
    expect(nextDelivery(state, terms, situation)).toMatchObject({ kind: 'read', after: at(1) })
    const reading = applyDelivery(state, readRest, terms, nowMs)
    expect(nextDelivery(reading, terms, situation)).toMatchObject({ kind: 'write', from: at(0), to: at(3) })
    expect(state.through).toEqual(at(1))
  })
})

describe('a suspect that is in quarantine on trial', () => {
  it('stays recoverable after a flush', () => {
    const [first, suspect] = records
    if (first === undefined || suspect === undefined) throw new Error('expected two records')
    const state = {
      ...after(opened),
      sinkAt: first.position,
      ends: [first.position],
      readTo: suspect.position,
      unflushedSinceMs: nowMs,
      suspects: [{ record: suspect, reason: 'the sink fails on this record' }],
      refused: new Set([suspect.position.offset]),
    }
    const flushed = { kind: 'flushed', outcome: { kind: 'accepted' } } as const
    expect(applyDelivery(state, flushed, terms, nowMs).through).toEqual(first.position)
  })
})

describe('a sink that is past a suspect whose response was lost', () => {
  it('leaves the suspect in quarantine when reopened', () => {
    const [, suspect] = records
    if (suspect === undefined) throw new Error('expected two records')
    const closed = {
      ...deliveryState<DeliverableRecord>(terms),
      isFresh: false,
      suspects: [{ record: suspect, reason: 'the sink fails on this record' }],
    }
    const reopened = applyDelivery(closed, { ...opened, at: at(3) }, terms, nowMs)
    const atEnd = applyDelivery(reopened, { kind: 'read', records: [], to: at(3) }, terms, nowMs)
    expect(atEnd).toMatchObject({ suspects: [], unrecorded: null, atEnd: true })
  })
})

describe('a sink that fails repeatedly', () => {
  it('is retried after waits that double, up to one minute', () => {
    const retry = written({ kind: 'retry' })
    let state = after(opened)
    const waitsMs = Array.from({ length: 8 }, () => {
      state = applyDelivery(applyDelivery(state, read, terms, nowMs), retry, terms, nowMs)
      return state.waitUntilMs - nowMs
    })
    expect(waitsMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  })
})

describe('records that are not meant for the sink', () => {
  const leftOut = { kind: 'read', records, to: at(3), leftOut: [2] } as const
  const accepted = written({ kind: 'accepted' })
  const after = (...events: readonly DeliveryEvent<DeliverableRecord>[]) =>
    events.reduce(
      (state, event) => applyDelivery(state, event, terms, nowMs),
      deliveryState<DeliverableRecord>(terms),
    )
  const situation = { nowMs, draining: false, hasMarks: false }

  it('are not sent, but the position moves past them', () => {
    const reading = after({ ...opened, flushes: false }, leftOut)
    expect(nextDelivery(reading, terms, situation)).toMatchObject({
      kind: 'write',
      records: [{ key: 'r1' }, { key: 'r3' }],
    })
    expect(after({ ...opened, flushes: false }, leftOut, accepted).through).toEqual(at(3))
  })

  it('are passed without calling the sink if there are no others', () => {
    const state = after({ ...opened, flushes: false }, { ...leftOut, leftOut: [1, 2, 3] })
    expect(state).toMatchObject({ through: at(3), readTo: at(3), run: null })
  })
})

describe('records that are retried', () => {
  const many = Array.from({ length: 200 }, (_, index) => ({ ...records[0], position: at(index + 1) }))
  const refuseAll = written({
    kind: 'accepted',
    refused: many.map((_, index) => ({ index, reason: 'bad' })),
  })
  const state = (isRetried: boolean) => {
    const retried = many.map((record) => ({ ...record, isRetried })) as readonly DeliverableRecord[]
    const events: readonly DeliveryEvent<DeliverableRecord>[] = [
      { ...opened, flushes: false },
      { kind: 'read', records: retried, to: at(200) },
      refuseAll,
    ]
    return events.reduce(
      (before, event) => applyDelivery(before, event, terms, nowMs),
      deliveryState<DeliverableRecord>(terms),
    )
  }

  it('can all be refused again without pausing the sink', () => {
    expect(state(true)).toMatchObject({ trouble: null, through: at(200) })
    expect(state(false).trouble).toMatchObject({ code: 'too-many-refused' })
  })
})
