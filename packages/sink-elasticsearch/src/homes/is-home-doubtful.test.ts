import { expect, test } from 'vitest'
import { testRecord } from '../../test/support/test-record.ts'
import { isHomeDoubtful } from './is-home-doubtful.ts'

const first = Number.NEGATIVE_INFINITY
const at = (start: string | undefined, accepted = '2026-11-24T12:00:00Z') =>
  testRecord({ acceptedAt: accepted, content: { 'Start time': start } })

test.each([
  ['a call from today, in the first journal', at('2026-11-24T11:00:00Z'), first, false],
  ['the oldest call that the feed can return', at('2026-10-25T12:00:01Z'), first, false],
  ['a call that the journal may have forgotten', at('2026-10-25T11:00:00Z'), first, true],
  ['a call without a Start time', at(undefined), first, true],
  [
    'a call from before the journal was lost',
    at('2026-11-19T11:00:00Z'),
    Date.parse('2026-11-20T00:00:00Z'),
    true,
  ],
  [
    'a call from shortly after the journal was lost',
    at('2026-11-20T11:00:00Z'),
    Date.parse('2026-11-20T00:00:00Z'),
    true,
  ],
  [
    'a call from a day after the journal was lost',
    at('2026-11-21T01:00:00Z'),
    Date.parse('2026-11-20T00:00:00Z'),
    false,
  ],
])('the home of %s → doubtful: %o', (_, record, knowsSinceMs, doubtful) => {
  expect(isHomeDoubtful(record, knowsSinceMs)).toBe(doubtful)
})
