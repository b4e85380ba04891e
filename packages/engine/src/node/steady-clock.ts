import { wholeMs } from '@cdrstream/core'
import type { Clock } from '../ports/index.ts'

/** The longest timer delay in Node. */
const longestTimerMs = 2 ** 31 - 1

/**
 * Returns a clock that starts with the system time and then runs independently: if the system clock is
 * changed, no budget slot counts twice and no span of coverage is skipped. The server's time comes from its
 * responses.
 */
export function createSteadyClock(): Clock {
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
