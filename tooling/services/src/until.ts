import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until the condition is true. Throws an Error that names `what` after `timeoutMs`. */
export async function until(
  what: string,
  timeoutMs: number,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > deadlineMs)
      throw new Error(`timed out after ${timeoutMs / 1_000} s waiting for ${what}`)
    await sleep(50)
  }
}
