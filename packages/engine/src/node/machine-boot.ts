import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import type { Boot } from '@cdrstream/core/budget'

/**
 * Returns when the machine was booted, by a clock that now shows `nowMs`; undefined if the system has no boot
 * id.
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
