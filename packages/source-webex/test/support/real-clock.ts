import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@cdrstream/engine'

/** The clock of the machine, for tests with real sockets. */
export const realClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    }),
  yield: () => setImmediate(),
}
