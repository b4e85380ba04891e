/** How far a retry of quarantined items is; stored in the journal with each step. */
export interface RetryProgress {
  /** Items that came later are left alone, or a record that is refused once more would be retried forever. */
  readonly throughId: number
  /** Everything up to this id was handled. */
  readonly afterId: number
  /** What was appended to the journal. */
  readonly appended: readonly AppendedTo[]
  readonly counts: RetryCounts
}

export interface AppendedTo {
  /** The sink that gets these records; null for all sinks. */
  readonly sink: string | null
  readonly fromOffset: number
  readonly toOffset: number
  readonly records: number
}

export interface RetryCounts {
  /** Items that could be read as records by now. */
  readonly read: number
  /** Items that still cannot be read as records. */
  readonly unreadable: number
  /** Items whose record had come in another way. */
  readonly known: number
  /** Records of sinks that have not passed them yet: there is nothing to retry. */
  readonly notPassed: number
  /** Records of sinks that are not configured any more. */
  readonly withoutSink: number
}

const none: RetryCounts = { read: 0, unreadable: 0, known: 0, notPassed: 0, withoutSink: 0 }

export function firstRetryProgress(throughId: number): RetryProgress {
  return { throughId, afterId: 0, appended: [], counts: none }
}

/** Returns the progress with these counts added. */
export function counted(progress: RetryProgress, more: Partial<RetryCounts>, afterId: number): RetryProgress {
  const keys = Object.keys(none) as (keyof RetryCounts)[]
  const counts = Object.fromEntries(keys.map((key) => [key, progress.counts[key] + (more[key] ?? 0)]))
  return { ...progress, afterId, counts: counts as unknown as RetryCounts }
}
