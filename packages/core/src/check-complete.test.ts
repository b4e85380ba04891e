import { describe, expect, it } from 'vitest'
import { checkChains } from './check-complete.ts'
import type { Chain, Reading } from './org-state.ts'
import type { Progress } from './progress.ts'

const span = (fromSec: number, toSec: number) => ({ fromSec, toSec })

const progress: Progress = {
  originSec: 0,
  coverage: [{ ...span(100, 200), level: 'read' }],
  auditedToSec: 0,
  deepAtSec: 0,
  doubts: [],
}

/** A window that announced 10 items and was cut short at second 150 after 5 items. */
const chain: Chain = { purpose: 'head', window: span(100, 200), readToSec: 150, items: 5, totalCount: 10 }

/** Returns the reading of the window that continues it. One item was also on the previous page. */
function rest(items: number, more: Partial<Reading> = {}): Reading {
  const window = span(150, 200)
  return {
    purpose: 'head',
    window,
    link: null,
    readToSec: 200,
    pages: 1,
    items,
    overlap: 1,
    totalCount: null,
    ...more,
  }
}

describe('a window that was resumed before its last page', () => {
  it('is doubtful if its parts together have fewer items than it announced', () => {
    expect(checkChains([chain], progress, rest(5))).toEqual({
      chains: [],
      progress: {
        ...progress,
        coverage: [{ ...span(100, 200), level: 'doubtful' }],
        doubts: [span(100, 200)],
      },
    })
  })

  it('is complete if its parts together have as many items as it announced', () => {
    expect(checkChains([chain], progress, rest(6))).toEqual({ chains: [], progress })
  })

  it('is not read a third time if it was doubtful before', () => {
    const doubt: Chain = { ...chain, purpose: 'doubt' }
    expect(checkChains([doubt], progress, rest(5)).progress.doubts).toEqual([])
  })

  it('is not checked before its end is read, or by an unrelated window', () => {
    const halfWay = rest(2, { readToSec: 170 })
    const elsewhere = rest(2, { window: span(151, 200) })
    for (const reading of [halfWay, elsewhere])
      expect(checkChains([chain], progress, reading)).toEqual({ chains: [chain], progress })
  })
})
