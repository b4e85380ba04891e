import { wholeMs } from '@cdrstream/core'
import type { Clock } from '../ports/index.ts'

/** The longest wait that a timer of the platform takes. */
const longestTimerMs = 2 ** 31 - 1

/**
 * Returns a clock that starts with the system's time and then goes on by itself: when somebody sets the
 * system's clock, no slot of the budget counts twice and no span of coverage is skipped.
 */
export function steadyClock(): Clock {
  const startMs = Date.now() - performance.now()
  const nowMs = () => wholeMs(startMs + performance.now())
  return {
    nowMs,
    sleep: async (ms, signal) => {
      const untilMs = nowMs() + ms
      while (!signal.aborted) {
        const leftMs = untilMs - nowMs()
        if (leftMs <= 0) return
        await timer(Math.min(Math.ceil(leftMs), longestTimerMs), signal)
      }
    },
    yield: () => new Promise((resolve) => setImmediate(resolve)),
  }
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timeout)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timeout = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
