import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { steadyClock } from './steady-clock.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const never = new AbortController().signal

test('starts with the time of the system, and is not affected when that is changed', async () => {
  const clock = steadyClock()
  expect(clock.nowMs()).toBe(1_000_000)

  vi.setSystemTime(5_000_000)
  await vi.advanceTimersByTimeAsync(250)

  expect(clock.nowMs()).toBe(1_000_250)
})

test('a clock of the platform with fractions → whole milliseconds', () => {
  const reading = vi.spyOn(performance, 'now').mockReturnValueOnce(0.25).mockReturnValue(3.5)

  expect(steadyClock().nowMs()).toBe(1_000_003)
  reading.mockRestore()
})

test('sleeps for the full time, even if that is too long for a timer', async () => {
  const clock = steadyClock()
  const days = 40 * 86_400_000
  let awake = false
  void clock.sleep(days, never).then(() => {
    awake = true
  })

  await vi.advanceTimersByTimeAsync(days - 1)
  expect(awake).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(awake).toBe(true)
})

test('sleeps for ever if asked to, and wakes when the signal is aborted', async () => {
  const clock = steadyClock()
  const waking = new AbortController()
  const sleeping = clock.sleep(Number.POSITIVE_INFINITY, waking.signal)
  await vi.advanceTimersByTimeAsync(1_000)

  waking.abort()

  await sleeping
  expect(vi.getTimerCount()).toBe(0)
})

test('does not sleep if the signal is already aborted', async () => {
  await steadyClock().sleep(1_000, AbortSignal.abort())

  expect(vi.getTimerCount()).toBe(0)
})

test('yields to other work', async () => {
  const order: string[] = []
  setImmediate(() => order.push('other work'))
  const yielding = steadyClock()
    .yield()
    .then(() => order.push('back'))
  await vi.advanceTimersByTimeAsync(0)
  await yielding

  expect(order).toEqual(['other work', 'back'])
})
