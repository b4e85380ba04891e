const stepsPerMs = 2_048
const halfHourMs = 1_800_000
const dayMs = 86_400_000

/**
 * Returns the rank that orders the revisions of a key: by Report time, then by how late the revision was
 * accepted, in half hours. Needs no state, and is a safe integer until the year 2109. A Report time that is
 * missing, or more than a day in the future, counts as the acceptance time.
 */
export function recordRank(reportTimeMs: number | null, acceptedAtMs: number): number {
  const timeMs =
    reportTimeMs === null || countsAsAcceptance(reportTimeMs, acceptedAtMs) ? acceptedAtMs : reportTimeMs
  const lateHalfHours = Math.floor(Math.max(0, acceptedAtMs - timeMs) / halfHourMs)
  return Math.floor(timeMs) * stepsPerMs + Math.min(stepsPerMs - 1, lateHalfHours)
}

/**
 * Returns the rank of a revision whose key already has these ranks. If only the acceptance distinguishes two
 * revisions, the order of acceptance decides, not the clock, which may have been set back meanwhile.
 */
export function rankAmong(
  reportTimeMs: number | null,
  acceptedAtMs: number,
  known: readonly number[],
): number {
  const rank = recordRank(reportTimeMs, acceptedAtMs)
  if (known.length === 0) return rank
  const before = countsAsAcceptance(reportTimeMs, acceptedAtMs)
    ? known
    : known.filter((other) => timeOf(other) === timeOf(rank))
  return distinctRank(
    before.reduce((highest, other) => Math.max(highest, other + 1), rank),
    new Set(known),
  )
}

function timeOf(rank: number): number {
  return Math.floor(rank / stepsPerMs)
}

function countsAsAcceptance(reportTimeMs: number | null, acceptedAtMs: number): boolean {
  return reportTimeMs === null || reportTimeMs < 0 || reportTimeMs > acceptedAtMs + dayMs
}

/**
 * Returns the rank raised above each known tie, so that the more recently accepted of two revisions is shown.
 */
export function distinctRank(rank: number, known: ReadonlySet<number>): number {
  let distinct = rank
  while (known.has(distinct)) distinct += 1
  return distinct
}
