import { hash, randomUUID } from 'node:crypto'
import type { Platform } from '@cdrstream/engine'
import { machineBoot } from './machine-boot.ts'
import { steadyClock } from './steady-clock.ts'

/** Returns what the engine needs from Node. */
export function nodePlatform(): Platform {
  const clock = steadyClock()
  const boot = machineBoot(clock.nowMs())
  return {
    clock,
    digest: (text) => hash('sha256', text, 'hex'),
    newId: () => randomUUID(),
    ...(boot && { boot }),
  }
}
