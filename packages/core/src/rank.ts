const stepsPerMs = 2_048
const halfHourMs = 1_800_000
const dayMs = 86_400_000

/**
 * Orders the revisions of a key: by Report time, then by how late the revision was accepted, in half hours. Needs no memory, and is a
 * safe integer until the year 2109. A Report time that is missing, or more than a day in the future, counts as the acceptance.
 */
export function recordRank(reportTimeMs: number | null, acceptedAtMs: number): number {
  const timeMs =
    reportTimeMs === null || reportTimeMs < 0 || reportTimeMs > acceptedAtMs + dayMs
      ? acceptedAtMs
      : reportTimeMs
  const lateHalfHours = Math.floor(Math.max(0, acceptedAtMs - timeMs) / halfHourMs)
  return Math.floor(timeMs) * stepsPerMs + Math.min(stepsPerMs - 1, lateHalfHours)
}

/** Raised by one above each known tie, so that of two revisions the later accepted one is shown. */
export function distinctRank(rank: number, known: ReadonlySet<number>): number {
  let distinct = rank
  while (known.has(distinct)) distinct += 1
  return distinct
}
