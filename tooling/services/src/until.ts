import { setTimeout as sleep } from 'node:timers/promises'

/** Asks again and again until it is so. Throws Error after `timeoutMs`, with what was waited for. */
export async function until(
  what: string,
  timeoutMs: number,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) throw new Error(`waited ${timeoutMs / 1_000} s in vain for ${what}`)
    await sleep(50)
  }
}
