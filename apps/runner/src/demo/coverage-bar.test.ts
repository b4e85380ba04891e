import { expect, test } from 'vitest'
import { coverageBar } from './coverage-bar.ts'

const span = { fromSec: 100, toSec: 120 }

test('each level is shown as a different character', () => {
  const coverage = [
    { fromSec: 90, toSec: 104, level: 'final' },
    { fromSec: 104, toSec: 108, level: 'gap' },
    { fromSec: 108, toSec: 112, level: 'doubtful' },
    { fromSec: 112, toSec: 116, level: 'read' },
  ] as const

  expect(coverageBar({ coverage, originSec: 90 }, span, 10)).toBe('██xx▒▒██··')
})

test('neighbours do not hide a one-second hole', () => {
  const coverage = [
    { fromSec: 100, toSec: 109, level: 'read' },
    { fromSec: 110, toSec: 120, level: 'read' },
  ] as const

  expect(coverageBar({ coverage, originSec: 90 }, span, 4)).toBe('█·██')
})

test('without coverage, the bar is empty', () => {
  expect(coverageBar({ coverage: [], originSec: 90 }, span, 3)).toBe('···')
})

test('before the origin, the bar is empty', () => {
  expect(coverageBar({ coverage: [], originSec: 110 }, span, 4)).toBe('  ··')
})
