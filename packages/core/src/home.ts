const dayMs = 86_400_000

/**
 * The UTC day (`YYYY-MM-DD`) that a key belongs to from when it is first seen: that of its Start time, or of
 * the acceptance if there is none or if it is not believable (outside acceptance - 62 days … + 1 day).
 */
export function recordHome(startTimeMs: number | null, acceptedAtMs: number): string {
  const believable =
    startTimeMs !== null && startTimeMs >= acceptedAtMs - 62 * dayMs && startTimeMs <= acceptedAtMs + dayMs
  return dayOf(believable ? startTimeMs : acceptedAtMs)
}

let lastDay = { number: Number.NaN, text: '' }

/**
 * Neighbours are of the same day as a rule, and to print it takes longer than all else that is done for a
 * home.
 */
function dayOf(ms: number): string {
  const number = Math.floor(ms / dayMs)
  if (number !== lastDay.number) lastDay = { number, text: new Date(ms).toISOString().slice(0, 10) }
  return lastDay.text
}
