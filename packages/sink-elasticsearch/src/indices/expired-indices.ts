export interface RetentionBounds {
  readonly retentionMs: number
  readonly nowMs: number
  /** The end of the newest day that has a record, or undefined if there is no record. */
  readonly newestHomeEndMs: number | undefined
}

/**
 * Returns the retention cutoff: months that end by then have expired. It is `retentionMs` before now or
 * before the end of the newest day with a record, whichever is earlier, so a clock that is far ahead cannot
 * expire everything. Without records, nothing expires.
 */
export function retentionCutoffMs({ retentionMs, nowMs, newestHomeEndMs }: RetentionBounds): number {
  return Math.min(nowMs, newestHomeEndMs ?? Number.NEGATIVE_INFINITY) - retentionMs
}

/** Returns whether an index's month, whose name ends in `YYYY.MM`, ended at or before the cutoff. */
export function isExpired(indexName: string, cutoffMs: number): boolean {
  const [year, month] = indexName.slice(-7).split('.').map(Number)
  // Date counts months from 0, so this is the first day of the next month.
  return Date.UTC(year ?? Number.NaN, month ?? Number.NaN) <= cutoffMs
}
