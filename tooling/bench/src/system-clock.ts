import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Clock } from '@cdrstream/engine'

export const systemClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  yield: () => setImmediate(),
}
