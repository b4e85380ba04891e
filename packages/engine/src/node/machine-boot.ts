import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { Boot } from '@cdrstream/core'

/**
 * Returns when the machine was started, by a clock that shows `nowMs` now, or undefined where the system does
 * not tell one start from another (any but Linux).
 */
export function machineBoot(nowMs: number): Boot | undefined {
  try {
    const id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return { id, atMs: nowMs - uptime() * 1_000 }
  } catch {
    // Not Linux.
    return undefined
  }
}
