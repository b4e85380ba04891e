import { describe, expect, it } from 'vitest'
import { type DeliverableRecord, type DeliveryState, deliveryState, deliveryTerms } from './delivery-state.ts'
import { nextDelivery } from './next-delivery.ts'

const terms = deliveryTerms({ idempotence: 'position', flushAfterMs: 5_000 })
const nowMs = 1_000_000
const situation = { nowMs, draining: false, hasMarks: true }
const at = (offset: number) => ({ incarnation: 'this', offset, commit: '' })

/** The state of an open sink at the end of the journal, with everything written and flushed. */
const delivered: DeliveryState<DeliverableRecord> = {
  ...deliveryState(terms),
  session: 'open',
  flushes: true,
  sinkAt: at(9),
  readTo: at(9),
  through: at(9),
  atEnd: true,
}

describe('on shutdown', () => {
  it('a search for a record that makes the sink throw ends immediately, unless with `once`', () => {
    const search = { ...delivered, atEnd: false, exceptions: 7, trouble: { code: 'retrying' } }
    const state = { ...search, session: 'closed' as const }
    const draining = { ...situation, draining: true }
    expect(nextDelivery(state, terms, draining)).toEqual({ kind: 'end', end: 'behind' })
    expect(nextDelivery(state, terms, situation)).toMatchObject({ kind: 'open' })
    expect(nextDelivery(state, { ...terms, once: true }, draining)).toMatchObject({ kind: 'open' })
    // The sink may already have everything.
    expect(nextDelivery(search, terms, draining)).toMatchObject({ kind: 'read' })
  })
})

describe('a sink that leaves', () => {
  const leaving = { ...situation, draining: true, leaving: true }
  const record = { org: 'acme', key: 'a', rank: 1, position: at(10) }
  const run = { records: [record], pending: [record], to: at(10), through: at(9) }

  it('gets what was read, but nothing more is read', () => {
    const behind = { ...delivered, atEnd: false }
    expect(nextDelivery({ ...behind, run }, terms, leaving)).toMatchObject({ kind: 'write', to: at(10) })
    expect(nextDelivery(behind, terms, { ...leaving, leaving: false })).toMatchObject({ kind: 'read' })
    expect(nextDelivery(behind, terms, leaving)).toEqual({ kind: 'end', end: 'done' })
  })

  it('is flushed', () => {
    const unflushed = { ...delivered, atEnd: false, through: at(7), unflushedSinceMs: nowMs }
    expect(nextDelivery(unflushed, terms, leaving)).toEqual({ kind: 'flush' })
    expect(nextDelivery({ ...unflushed, flushedTo: 9 }, terms, leaving)).toEqual({
      kind: 'end',
      end: 'behind',
    })
  })

  it('is not opened, not waited for and gets no marks', () => {
    const closed = { ...delivered, session: 'closed' as const }
    expect(nextDelivery(closed, terms, leaving)).toEqual({ kind: 'end', end: 'behind' })
    const failing = { ...delivered, waitUntilMs: nowMs + 60_000 }
    expect(nextDelivery(failing, terms, leaving)).toEqual({ kind: 'end', end: 'behind' })
    expect(nextDelivery(delivered, terms, leaving)).toEqual({ kind: 'end', end: 'done' })
  })
})

describe('marks are published', () => {
  it('when everything is delivered and durable', () => {
    expect(nextDelivery(delivered, terms, situation)).toEqual({ kind: 'mark' })
  })

  it('only after the end of the journal has been read', () => {
    const state = { ...delivered, atEnd: false }
    expect(nextDelivery(state, terms, situation)).toMatchObject({ kind: 'read', after: at(9) })
  })

  it('only after the flush that makes the last records durable', () => {
    const state = { ...delivered, through: at(7), unflushedSinceMs: nowMs - 1_000 }
    expect(nextDelivery(state, terms, situation)).toEqual({
      kind: 'wait',
      untilMs: nowMs + 4_000,
      wakes: true,
    })
    expect(nextDelivery(state, terms, { ...situation, draining: true })).toEqual({ kind: 'flush' })
  })

  it('after a failure only when the retry is due', () => {
    const state = { ...delivered, markNotBeforeMs: nowMs + 60_000 }
    expect(nextDelivery(state, terms, situation)).toMatchObject({ kind: 'wait', untilMs: nowMs + 60_000 })
  })
})
