import type { SignIns } from './create-sign-ins.ts'

/**
 * Waits for renewals in progress, because a refresh token that arrives after the process has exited is lost.
 * Returns false if `givingUp` was aborted first.
 */
export async function waitForRenewals(signIns: SignIns, givingUp: AbortSignal): Promise<boolean> {
  const renewed = Promise.all([...signIns.values()].map((signIn) => signIn.idle())).then(() => true)
  const gaveUp = new Promise<boolean>((resolve) => {
    if (givingUp.aborted) setImmediate(resolve, false)
    else givingUp.addEventListener('abort', () => resolve(false), { once: true })
  })
  return Promise.race([renewed, gaveUp])
}
