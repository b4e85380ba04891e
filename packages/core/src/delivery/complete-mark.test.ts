import { describe, expect, it } from 'vitest'
import type { Progress } from '../progress.ts'
import { completeMark, type MissingSpan } from './complete-mark.ts'

const hourMs = 3_600_000
const progress: Progress = {
  originSec: 100_000,
  coverage: [
    { fromSec: 100_000, toSec: 110_000, level: 'final' },
    { fromSec: 110_000, toSec: 110_060, level: 'gap' },
    { fromSec: 110_060, toSec: 120_000, level: 'read' },
    { fromSec: 120_000, toSec: 120_010, level: 'doubtful' },
    { fromSec: 120_010, toSec: 190_000, level: 'read' },
    { fromSec: 195_000, toSec: 200_000, level: 'read' },
  ],
  auditedToSec: 110_000,
  deepAtSec: 0,
  doubts: [],
}

function mark(more: { firstMs?: number; missing?: readonly MissingSpan[] } = {}) {
  return completeMark({
    org: 'acme',
    progress,
    firstMs: more.firstMs ?? null,
    missing: more.missing ?? [],
    retentionMs: 12 * hourMs,
  })
}

describe("an org's mark in a sink", () => {
  it('reaches up to the first unread second and lists lost and doubtful seconds', () => {
    expect(mark()).toEqual({
      org: 'acme',
      fromMs: 100_000_000,
      completeThroughMs: 190_000_000,
      gaps: [
        { fromMs: 110_000_000, toMs: 110_060_000, reason: 'not-collected' },
        { fromMs: 120_000_000, toMs: 120_010_000, reason: 'doubtful' },
      ],
    })
  })

  it('begins where delivery to the sink began', () => {
    expect(mark({ firstMs: 115_000_000 })).toMatchObject({
      fromMs: 115_000_000,
      gaps: [{ reason: 'doubtful' }],
    })
    expect(mark({ firstMs: 190_000_000 })).toBeUndefined()
  })

  it('is unknown while the origin is based on the local clock alone', () => {
    const presumed = { ...progress, originPresumed: { reachMs: hourMs } }
    const facts = { org: 'acme', firstMs: null, missing: [], retentionMs: 12 * hourMs }
    expect(completeMark({ ...facts, progress: presumed })).toBeUndefined()
  })

  it('has a gap wherever a refused record may have been inserted', () => {
    const missing = [{ org: 'acme', fromMs: 189_000_000, toMs: 189_000_000, reason: 'refused' }] as const
    expect(mark({ missing })?.gaps.at(-1)).toEqual({
      fromMs: 189_000_000 - 12 * hourMs,
      toMs: 189_000_000,
      reason: 'refused',
    })
  })

  it('has a gap where the journal lost records of any org before the sink accepted them', () => {
    const missing = [{ org: null, fromMs: null, toMs: 130_000_000, reason: 'lost' }] as const
    expect(mark({ missing })?.gaps).toEqual([
      { fromMs: 100_000_000, toMs: 110_000_000, reason: 'not-delivered' },
      { fromMs: 110_000_000, toMs: 110_060_000, reason: 'not-collected' },
      { fromMs: 110_060_000, toMs: 130_000_000, reason: 'not-delivered' },
    ])
  })

  it("is not affected by other orgs' records", () => {
    const missing = [{ org: 'blue', fromMs: 150_000_000, toMs: 150_000_000, reason: 'refused' }] as const
    expect(mark({ missing })?.gaps).toHaveLength(2)
  })
})
