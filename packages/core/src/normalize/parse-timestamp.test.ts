import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { finerThanMs, parseTimestampMs } from './parse-timestamp.ts'

const instantMs = fc.integer({
  min: Date.parse('0000-01-01T00:00:00Z'),
  max: Date.parse('9999-12-31T23:59:59Z'),
})

const twoDigits = (value: number) => String(value).padStart(2, '0')

/** A time in all accepted notations, and the instant that it denotes. */
const spelling = fc
  .record({
    // From year 1, so that an offset does not lead to a negative year.
    localMs: fc.integer({ min: Date.parse('0001-01-02T00:00:00Z'), max: Date.parse('9999-12-30T00:00:00Z') }),
    separator: fc.constantFrom('T', ' '),
    fraction: fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,9}$/)),
    zone: fc.oneof(
      fc.constantFrom('', 'Z'),
      fc
        .tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
        .map(([sign, hours, minutes]) => `${sign}${twoDigits(hours)}:${twoDigits(minutes)}`),
    ),
  })
  .map(({ localMs, separator, fraction, zone }) => {
    const seconds = new Date(localMs).toISOString().slice(0, 19)
    return {
      text: seconds.replace('T', separator) + fraction + zone,
      // The standard form, for which Date.parse can be trusted.
      standard: `${seconds}.${fraction.slice(1, 4).padEnd(3, '0')}${zone || 'Z'}`,
      finer: fraction.slice(4).replace(/0+$/, ''),
    }
  })

describe('a time', () => {
  test('in the standard form has the value that Date.parse returns', () => {
    fc.assert(
      fc.property(instantMs, (ms) => {
        expect(parseTimestampMs(new Date(ms).toISOString())).toBe(ms)
      }),
    )
  })

  test('is accepted with a space, with or without a fraction, and with or without a zone', () => {
    fc.assert(
      fc.property(spelling, ({ text, standard, finer }) => {
        expect(parseTimestampMs(text)).toBe(Date.parse(standard))
        expect(finerThanMs(text)).toBe(finer)
      }),
      { numRuns: 1_000 },
    )
  })

  test('without a zone is UTC', () => {
    expect(parseTimestampMs('2023-10-12 21:22:32.621')).toBe(Date.UTC(2023, 9, 12, 21, 22, 32, 621))
    expect(parseTimestampMs('2023-10-12T21:22:32')).toBe(Date.UTC(2023, 9, 12, 21, 22, 32))
  })

  test('is truncated to the millisecond, including before 1970', () => {
    expect(parseTimestampMs('2026-09-24T07:49:10.9399999Z')).toBe(Date.UTC(2026, 8, 24, 7, 49, 10, 939))
    expect(parseTimestampMs('1969-12-31T23:59:59.9999Z')).toBe(-1)
  })

  test.each(['2000-02-29', '2024-02-29', '1600-02-29'])('can be on the leap day %s', (day) => {
    expect(parseTimestampMs(`${day}T00:00:00.000Z`)).toBe(Date.parse(day))
  })
})

describe('an invalid time', () => {
  test.each([
    ['a day that its month does not have', '2026-02-30T00:00:00.000Z'],
    ['a leap day in a common year', '2026-02-29T00:00:00.000Z'],
    ['a leap day in a common century', '1900-02-29T00:00:00.000Z'],
    ['day 31 of a short month', '2026-04-31T00:00:00.000Z'],
    ['day 0', '2026-01-00T00:00:00.000Z'],
    ['month 0', '2026-00-10T00:00:00.000Z'],
    ['month 13', '2026-13-10T00:00:00.000Z'],
    ['hour 24', '2026-01-10T24:00:00.000Z'],
    ['hour 25', '2026-01-10T25:00:00.000Z'],
    ['minute 60', '2026-01-10T10:60:00.000Z'],
    ['a leap second', '2026-12-31T23:59:60.000Z'],
    ['an offset of 24 hours', '2026-01-10T10:00:00+24:00'],
    ['an offset of 60 minutes', '2026-01-10T10:00:00+02:60'],
    ['an offset without a colon', '2026-01-10T10:00:00+0200'],
    ['more digits than nanoseconds', '2026-01-10T10:00:00.0000000001Z'],
    ['a decimal point without digits', '2026-01-10T10:00:00.Z'],
    ['a day alone', '2026-01-10'],
    ['no seconds', '2026-01-10T10:00Z'],
    ['a year of five digits', '12026-01-10T10:00:00Z'],
    ['space around it', ' 2026-01-10T10:00:00.000Z'],
    ['a line break after it', '2026-01-10T10:00:00.000Z\n'],
    ['a lowercase t', '2026-01-10t10:00:00Z'],
    ['a lowercase z', '2026-01-10T10:00:00z'],
    ['a colon for a digit', '2026-0:-10T10:00:00.000Z'],
    ['other digits', '２０２６-01-10T10:00:00.000Z'],
    ['milliseconds since 1970', '1768039200000'],
    ['nothing', ''],
    ['something else', 'yesterday'],
  ])('such as %s is rejected: %s', (_, text) => {
    expect(parseTimestampMs(text)).toBeNaN()
    expect(finerThanMs(text)).toBe('')
  })

  test('results from changing one character before the zone, unless the result is a different valid time', () => {
    const changed = fc.tuple(
      instantMs,
      fc.nat(22),
      fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }),
    )
    fc.assert(
      fc.property(changed, ([ms, at, character]) => {
        const text = new Date(ms).toISOString()
        const other = text.slice(0, at) + character + text.slice(at + 1)
        const parsed = parseTimestampMs(other)
        if (Number.isNaN(parsed)) expect(isStandard(other)).toBe(false)
        else expect(new Date(parsed).toISOString()).toBe(other.replace(' ', 'T'))
      }),
      { numRuns: 2_000 },
    )
  })
})

function isStandard(text: string): boolean {
  const ms = Date.parse(text)
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text
}
