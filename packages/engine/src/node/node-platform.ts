import { hash, randomUUID } from 'node:crypto'
import type { Platform } from '../engine-options.ts'
import { machineBoot } from './machine-boot.ts'
import { createSteadyClock } from './steady-clock.ts'

/**
 * Returns the services that the engine needs from Node: a steady clock, SHA-256, ids, random numbers, and the
 * machine's boot.
 */
export function createNodePlatform(): Platform {
  const clock = createSteadyClock()
  const boot = machineBoot(clock.nowMs())
  return {
    clock,
    digest: (text) => hash('sha256', text, 'hex'),
    newId: () => randomUUID(),
    chance: Math.random,
    ...(boot && { boot }),
  }
}
