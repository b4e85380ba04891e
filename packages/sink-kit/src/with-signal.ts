/**
 * Returns the result of work that does not accept a signal. If `signal` is aborted first, calls `abandon`,
 * which must stop the work (for instance by closing its connection), and rejects with the signal's reason. If
 * the signal is already aborted, rejects without starting the work.
 */
export async function withSignal<Result>(
  signal: AbortSignal,
  work: () => Promise<Result>,
  abandon: () => void,
): Promise<Result> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => {
    abandon()
    aborted.reject(signal.reason)
  }
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([work(), aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
