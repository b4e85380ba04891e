/** The progress of a quarantine retry, stored in the journal with each step. */
export interface RetryProgress {
  /** Later items are not retried. Otherwise, a record that is refused again would be retried forever. */
  readonly throughId: number
  /** Everything up to this id has been handled. */
  readonly afterId: number
  /** The records that were appended to the journal. */
  readonly appended: readonly AppendedTo[]
  readonly counts: RetryCounts
}

export interface AppendedTo {
  /** The sink that receives these records; null for all sinks. */
  readonly sink: string | null
  readonly fromOffset: number
  readonly toOffset: number
  readonly records: number
}

export interface RetryCounts {
  /** Items that can now be read as records. */
  readonly read: number
  /** Items that still cannot be read as records. */
  readonly unreadable: number
  /** Items whose record has been accepted in the meantime. */
  readonly known: number
  /** Records that their sink has not passed yet, so there is nothing to retry. */
  readonly notPassed: number
  /** Records of sinks that are no longer configured. */
  readonly withoutSink: number
}

const none: RetryCounts = { read: 0, unreadable: 0, known: 0, notPassed: 0, withoutSink: 0 }

export function firstRetryProgress(throughId: number): RetryProgress {
  return { throughId, afterId: 0, appended: [], counts: none }
}

/** Returns the progress with these counts added to it. */
export function counted(progress: RetryProgress, more: Partial<RetryCounts>, afterId: number): RetryProgress {
  const keys = Object.keys(none) as (keyof RetryCounts)[]
  const counts = Object.fromEntries(keys.map((key) => [key, progress.counts[key] + (more[key] ?? 0)]))
  return { ...progress, afterId, counts: counts as unknown as RetryCounts }
}
