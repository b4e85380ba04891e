import { describe, expect, test } from 'vitest'
import { isExpired, retentionCutoffMs } from './expired-indices.ts'

const dayMs = 86_400_000
const retentionMs = 30 * dayMs
const nowMs = Date.UTC(2026, 10, 24)

describe('the retention', () => {
  test('counts from now, or from the end of the newest day with a record if that is earlier', () => {
    expect(retentionCutoffMs({ retentionMs, nowMs, newestHomeEndMs: nowMs + dayMs })).toBe(
      nowMs - retentionMs,
    )
    const newestHomeEndMs = nowMs - 500 * dayMs
    expect(retentionCutoffMs({ retentionMs, nowMs, newestHomeEndMs })).toBe(newestHomeEndMs - retentionMs)
  })

  test('expires nothing if there is no record', () => {
    const cutoffMs = retentionCutoffMs({ retentionMs, nowMs, newestHomeEndMs: undefined })
    expect(isExpired('cdr-2000.01', cutoffMs)).toBe(false)
  })

  test('expires a month only when its last day has expired', () => {
    const months = ['cdr-2025.12', 'cdr-2026.09', 'cdr-2026.10']
    const expired = (cutoffMs: number) => months.filter((name) => isExpired(name, cutoffMs))
    expect(expired(Date.UTC(2026, 9, 1))).toEqual(['cdr-2025.12', 'cdr-2026.09'])
    expect(expired(Date.UTC(2026, 9, 1) - 1)).toEqual(['cdr-2025.12'])
    expect(expired(Date.UTC(2026, 0, 1) - 1)).toEqual([])
  })
})
