import { hash, randomUUID } from 'node:crypto'
import type { Platform } from '@cdrstream/engine'
import { machineBoot } from './machine-boot.ts'
import { steadyClock } from './steady-clock.ts'

/** What the engine needs of Node. */
export function nodePlatform(): Platform {
  const clock = steadyClock()
  const boot = machineBoot(clock.nowMs())
  return {
    clock,
    digest: (text) => hash('sha256', text, 'hex'),
    newId: () => randomUUID(),
    chance: Math.random,
    ...(boot && { boot }),
  }
}
