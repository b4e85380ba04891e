import type { Position } from '@cdrstream/plugin'
import { describe, expect, it } from 'vitest'
import { deliveryStart, type StartFacts } from './delivery-start.ts'

const at = (offset: number): Position => ({ incarnation: 'j', offset, commit: `c${offset}` })

function start(facts: Partial<StartFacts>) {
  const usual: StartFacts = {
    idempotence: 'key',
    stored: undefined,
    isStoredKnown: false,
    refused: [],
    first: at(0),
    acknowledged: at(50),
    start: at(0),
    loss: null,
  }
  const { position, reason, gap } = deliveryStart({ ...usual, ...facts })
  return { at: position.offset, reason, gap: gap && [gap.from.offset, gap.to.offset] }
}

describe('delivery resumes', () => {
  it('at the recorded position for a sink that stores none', () => {
    expect(start({})).toEqual({ at: 50, reason: 'resumed', gap: null })
  })

  it('at the stored position, even if it is behind or ahead of the recorded one', () => {
    for (const stored of [at(40), at(60)]) {
      expect(start({ idempotence: 'position', stored, isStoredKnown: true })).toEqual({
        at: stored.offset,
        reason: 'resumed',
        gap: null,
      })
    }
  })

  it('after records in quarantine that the stored position has not passed, without a gap', () => {
    const stored = { idempotence: 'position', stored: at(47), isStoredKnown: true } as const
    expect(start({ ...stored, refused: [48, 49, 50, 53], start: at(50) })).toEqual({
      at: 50,
      reason: 'resumed',
      gap: null,
    })
    expect(start({ ...stored, refused: [48, 50], start: at(50) })).toMatchObject({ gap: [47, 50] })
    expect(start({ ...stored, refused: [48] })).toMatchObject({ at: 47 })
  })

  it('at the start of the journal, with a gap, when the sink is behind what the journal keeps', () => {
    expect(start({ start: at(70) })).toEqual({ at: 70, reason: 'resumed', gap: [50, 70] })
    const restored = { idempotence: 'position', stored: at(10), isStoredKnown: true, start: at(30) } as const
    expect(start(restored)).toEqual({ at: 30, reason: 'resumed', gap: [10, 30] })
  })

  it('at the start of the journal when the position belongs to a copy of this journal', () => {
    expect(start({ idempotence: 'position', stored: at(60), start: at(30) })).toEqual({
      at: 30,
      reason: 'foreign',
      gap: null,
    })
  })

  it('at the start of the journal, with a gap for records no longer kept, when the position belongs to another journal', () => {
    const stored = { ...at(60), incarnation: 'other' }
    const usual = { idempotence: 'position', stored } as const
    expect(start({ ...usual, start: at(30) })).toEqual({ at: 30, reason: 'foreign', gap: [0, 30] })
    expect(start({ ...usual, first: at(30), start: at(30) })).toEqual({
      at: 30,
      reason: 'foreign',
      gap: null,
    })
    expect(start(usual)).toEqual({ at: 0, reason: 'foreign', gap: null })
  })

  it('where delivery began if the sink has lost its position or its records', () => {
    expect(start({ idempotence: 'position', stored: null })).toEqual({
      at: 0,
      reason: 'emptied',
      gap: null,
    })
    const loss = { after: null, sinceMs: null }
    expect(start({ loss, first: at(20), start: at(30) })).toEqual({
      at: 30,
      reason: 'emptied',
      gap: [20, 30],
    })
  })

  it('where the loss begins, if this is known, with a gap only for records no longer kept', () => {
    const loss = { after: at(40), sinceMs: 0 }
    expect(start({ loss })).toEqual({ at: 40, reason: 'emptied', gap: null })
    expect(start({ loss, start: at(45) })).toEqual({ at: 45, reason: 'emptied', gap: [40, 45] })
    expect(start({ loss, first: at(42), start: at(42) })).toEqual({ at: 42, reason: 'emptied', gap: null })
  })

  it('where delivery begins, and not earlier, if the sink has never had any records', () => {
    const fresh = { idempotence: 'position', stored: null, first: at(20), acknowledged: at(20) } as const
    expect(start(fresh)).toEqual({ at: 20, reason: 'first', gap: null })
    expect(start({ ...fresh, start: at(25) })).toEqual({ at: 25, reason: 'first', gap: [20, 25] })
  })
})
