import { wholeMs } from '@cdrstream/core'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { beforeEach, expect, it } from 'vitest'
import { JournalClock } from './journal-clock.ts'

const startMs = Date.UTC(2026, 8, 24)
const hourMs = 3_600_000
const dayMs = 24 * hourMs

let time: VirtualTime

beforeEach(() => {
  time = new VirtualTime(startMs)
})

/**
 * Returns the journal's time in a process whose clock is this far ahead, with a journal whose newest record
 * was accepted at `newestMs`.
 */
function journalClock(aheadMs: number, newestMs?: number) {
  const clock = new ProcessClock(time, () => false, aheadMs)
  const journalTime = new JournalClock(clock, newestMs === undefined ? undefined : wholeMs(newestMs))
  const answer = () =>
    journalTime.learn({ dateMs: time.nowMs, sentAtMs: clock.nowMs() - 200, answeredAtMs: clock.nowMs() })
  return { journalTime, answer }
}

it('two clocks that agree → our clock, to the millisecond', () => {
  const { journalTime, answer } = journalClock(300)
  answer()
  expect(journalTime.nowMs()).toBe(startMs + 300)
})

it.each([5 * hourMs, -5 * hourMs])(
  'a clock that is off by %d ms → the server’s time to within a second',
  (aheadMs) => {
    const { journalTime, answer } = journalClock(aheadMs)
    answer()
    expect(Math.abs(journalTime.nowMs() - startMs)).toBeLessThan(1_000)
  },
)

it('a journal that is ahead by less than a day → time stands still until it catches up', async () => {
  const { journalTime, answer } = journalClock(0, startMs + 2 * hourMs)
  answer()
  expect(journalTime.nowMs()).toBe(startMs + 2 * hourMs)
  await time.passUntil(startMs + 3 * hourMs)
  expect(journalTime.nowMs()).toBe(startMs + 3 * hourMs)
})

it('a journal that is ahead by 500 days → its time is kept only until the server’s time is known', () => {
  const { journalTime, answer } = journalClock(0, startMs + 500 * dayMs)
  expect(journalTime.nowMs()).toBe(startMs + 500 * dayMs)
  answer()
  expect(journalTime.nowMs()).toBe(startMs)
})

it('no response yet → records age only by the time since startup', async () => {
  const { journalTime, answer } = journalClock(500 * dayMs, startMs - hourMs)
  await time.passUntil(startMs + 60_000)
  expect(journalTime.observedMs()).toBe(startMs - hourMs + 60_000)
  answer()
  // A response that is days off is accepted if the next response agrees.
  expect(journalTime.observedMs()).toBe(startMs - hourMs + 60_000)
  answer()
  expect(Math.abs(journalTime.observedMs() - time.nowMs)).toBeLessThan(1_000)
})

it('a clock that is ahead by hours before the first response → time does not stand still afterwards', () => {
  const { journalTime, answer } = journalClock(5 * hourMs, startMs - hourMs)
  expect(journalTime.nowMs()).toBe(startMs + 5 * hourMs)
  answer()
  expect(Math.abs(journalTime.nowMs() - startMs)).toBeLessThan(1_000)
})

it('an empty journal and no response yet → no record is old enough to expire', () => {
  expect(journalClock(500 * dayMs).journalTime.observedMs()).toBe(0)
})
