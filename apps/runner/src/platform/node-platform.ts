import { hash, randomUUID } from 'node:crypto'
import type { Platform } from '@cdrstream/engine'
import { steadyClock } from './steady-clock.ts'

/** What the engine needs of Node. */
export function nodePlatform(): Platform {
  return {
    clock: steadyClock(),
    digest: (text) => hash('sha256', text, 'hex'),
    newId: () => randomUUID(),
  }
}
