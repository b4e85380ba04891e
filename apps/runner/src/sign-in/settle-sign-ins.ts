import type { SignIns } from './create-sign-ins.ts'

/**
 * Waits for renewals that are under way, for a refresh token that comes after the end of the process is lost. False: `givingUp` was aborted
 * before.
 */
export async function settleSignIns(signIns: SignIns, givingUp: AbortSignal): Promise<boolean> {
  const settled = Promise.all([...signIns.values()].map((signIn) => signIn.idle())).then(() => true)
  const gaveUp = new Promise<boolean>((resolve) => {
    if (givingUp.aborted) setImmediate(resolve, false)
    else givingUp.addEventListener('abort', () => resolve(false), { once: true })
  })
  return Promise.race([settled, gaveUp])
}
