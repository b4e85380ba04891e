/**
 * Returns a function that does the work at most once in this time, and never concurrently. Callers in between
 * share the result. Failures are not cached.
 */
export function recent<Value>(
  work: () => Promise<Value>,
  keepMs: number,
  nowMs: () => number = () => performance.now(),
): () => Promise<Value> {
  let shared: Promise<Value> | undefined
  let endedMs: number | undefined
  return () => {
    if (shared !== undefined && (endedMs === undefined || nowMs() - endedMs < keepMs)) return shared
    endedMs = undefined
    const started = work()
    shared = started
    started.then(
      () => {
        endedMs = nowMs()
      },
      () => {
        shared = undefined
      },
    )
    return started
  }
}
