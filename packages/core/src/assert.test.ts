import { describe, expect, it } from 'vitest'
import { applyEvent } from './apply-event.ts'
import { BrokenInvariant } from './assert.ts'
import { type Coverage, raiseCoverage } from './coverage.ts'
import { firstProgress, orgState } from './org-state.ts'
import { defaultTerms as terms } from './terms.ts'
import { noteFailure } from './unserved.ts'

const nowMs = Date.UTC(2026, 8, 24, 12)
const state = orgState(firstProgress(600_000, terms, nowMs), nowMs)

describe('a BrokenInvariant is thrown for', () => {
  it('a page when no window is being read', () => {
    const page = { kind: 'page', items: 0, repeated: 0, next: null } as const
    expect(() => applyEvent(state, page, terms, nowMs)).toThrow(BrokenInvariant)
  })

  it('an empty window', () => {
    const asked = { kind: 'asked', purpose: 'head', window: { fromSec: 60, toSec: 60 }, deep: false } as const
    expect(() => applyEvent(state, asked, terms, nowMs)).toThrow(BrokenInvariant)
  })

  it.each<[string, Coverage]>([
    [
      'coverage with spans that overlap',
      [
        { fromSec: 0, toSec: 20, level: 'read' },
        { fromSec: 10, toSec: 30, level: 'final' },
      ],
    ],
    [
      'coverage out of order',
      [
        { fromSec: 20, toSec: 30, level: 'read' },
        { fromSec: 0, toSec: 10, level: 'final' },
      ],
    ],
  ])('%s', (_, coverage) => {
    expect(() => raiseCoverage(coverage, { fromSec: 100, toSec: 110 }, 'read')).toThrow(BrokenInvariant)
  })

  it('unserved spans that overlap', () => {
    const known = { stage: 'divided', failures: 1, notBeforeMs: 0 } as const
    const unserved = [
      { ...known, fromSec: 0, toSec: 20 },
      { ...known, fromSec: 10, toSec: 30 },
    ]
    const failure = { divideAtOnce: false, edgeSec: 0, nowMs, pauseMs: () => 0 }
    expect(() => noteFailure(unserved, { ...failure, span: { fromSec: 50, toSec: 60 } })).toThrow(
      BrokenInvariant,
    )
  })
})
