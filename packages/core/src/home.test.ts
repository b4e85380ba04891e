import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordHome } from './home.ts'

const dayMs = 86_400_000
const acceptedAtMs = Date.UTC(2026, 8, 24, 12)
const today = '2026-09-24'

describe('the home of a key', () => {
  it.each([
    {
      what: 'the day of its Start time',
      startTimeMs: Date.UTC(2026, 8, 23, 23, 59, 59, 999),
      home: '2026-09-23',
    },
    { what: 'a day in UTC', startTimeMs: Date.UTC(2026, 8, 24), home: today },
    { what: 'a day of the previous month', startTimeMs: Date.UTC(2026, 7, 31), home: '2026-08-31' },
    { what: 'at most 62 days back', startTimeMs: acceptedAtMs - 62 * dayMs, home: '2026-07-24' },
    { what: 'at most a day ahead', startTimeMs: acceptedAtMs + dayMs, home: '2026-09-25' },
    { what: 'the day of acceptance without a Start time', startTimeMs: null, home: today },
    {
      what: 'the day of acceptance for an older Start time',
      startTimeMs: acceptedAtMs - 62 * dayMs - 1,
      home: today,
    },
    {
      what: 'the day of acceptance for a later Start time',
      startTimeMs: acceptedAtMs + dayMs + 1,
      home: today,
    },
  ])('is $what', ({ startTimeMs, home }) => {
    expect(recordHome(startTimeMs, acceptedAtMs)).toBe(home)
  })

  it('is between 62 days before and one day after the acceptance, for any Start time', () => {
    fc.assert(
      fc.property(fc.option(fc.maxSafeInteger()), (startTimeMs) => {
        const home = recordHome(startTimeMs, acceptedAtMs)
        expect(home).toMatch(/^\d{4}-\d{2}-\d{2}$/)
        const days = (Date.parse(home) - Date.parse(today)) / dayMs
        expect(days).toBeGreaterThanOrEqual(-62)
        expect(days).toBeLessThanOrEqual(1)
      }),
    )
  })
})
