import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSteadyClock } from './steady-clock.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const never = new AbortController().signal

test('a steady clock starts with the system time and is not affected when the system time is changed', async () => {
  const clock = createSteadyClock()
  expect(clock.nowMs()).toBe(1_000_000)

  vi.setSystemTime(5_000_000)
  await vi.advanceTimersByTimeAsync(250)

  expect(clock.nowMs()).toBe(1_000_250)
})

test('a platform clock with fractions → whole milliseconds', () => {
  const reading = vi.spyOn(performance, 'now').mockReturnValueOnce(0.25).mockReturnValue(3.5)

  expect(createSteadyClock().nowMs()).toBe(1_000_003)
  reading.mockRestore()
})

test('a steady clock sleeps for the full time, even if that is too long for a timer', async () => {
  const clock = createSteadyClock()
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

test('a steady clock sleeps forever if asked to, and wakes when the signal is aborted', async () => {
  const clock = createSteadyClock()
  const waking = new AbortController()
  const sleeping = clock.sleep(Number.POSITIVE_INFINITY, waking.signal)
  await vi.advanceTimersByTimeAsync(1_000)

  waking.abort()

  await sleeping
  expect(vi.getTimerCount()).toBe(0)
})

test('a steady clock does not sleep if the signal is already aborted', async () => {
  await createSteadyClock().sleep(1_000, AbortSignal.abort())

  expect(vi.getTimerCount()).toBe(0)
})

test('a steady clock yields to other work', async () => {
  const order: string[] = []
  setImmediate(() => order.push('other work'))
  const yielding = createSteadyClock()
    .yield()
    .then(() => order.push('back'))
  await vi.advanceTimersByTimeAsync(0)
  await yielding

  expect(order).toEqual(['other work', 'back'])
})
