export interface RetentionBounds {
  readonly retentionMs: number
  readonly nowMs: number
  /** The end of the newest day of which there is a record; undefined if there is no record at all. */
  readonly newestHomeEndMs: number | undefined
}

/**
 * Returns the time before which whole months are expired: `retentionMs` before now or before the end of the
 * newest day that has a record, whichever is earlier. A clock that is far ahead can therefore not make
 * everything expire. Without records, nothing is expired.
 */
export function retentionCutoffMs({ retentionMs, nowMs, newestHomeEndMs }: RetentionBounds): number {
  return Math.min(nowMs, newestHomeEndMs ?? Number.NEGATIVE_INFINITY) - retentionMs
}

/** Returns whether the month of an index, whose name ends with `YYYY.MM`, ended at or before the cutoff. */
export function isExpired(indexName: string, cutoffMs: number): boolean {
  const [year, month] = indexName.slice(-7).split('.').map(Number)
  // The months of Date begin with 0: this is the first day of the next one.
  return Date.UTC(year ?? Number.NaN, month ?? Number.NaN) <= cutoffMs
}
