/**
 * Returns what the work returns, for work that takes no signal of its own. If `signal` is aborted first,
 * calls `abandon`, which has to stop the work (by closing its connection, for instance), and throws the
 * signal's reason. If the signal is aborted already, throws without starting the work.
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
