const dayMs = 86_400_000

/**
 * Returns the UTC day (`YYYY-MM-DD`) that a key belongs to from when it is first seen: that of its Start
 * time, or of the acceptance if there is none or if it is not believable (outside acceptance - 62 days … + 1
 * day).
 */
export function recordHome(startTimeMs: number | null, acceptedAtMs: number): string {
  return createHomes(acceptedAtMs)(startTimeMs)
}

/**
 * Returns what gives the homes of records that are accepted together. Neighbours mostly have the same home,
 * and printing a day takes longer than all else that is done for one, so the last one is kept.
 */
export function createHomes(acceptedAtMs: number): (startTimeMs: number | null) => string {
  let last = { day: Number.NaN, text: '' }
  return (startTimeMs) => {
    const isBelievable =
      startTimeMs !== null && startTimeMs >= acceptedAtMs - 62 * dayMs && startTimeMs <= acceptedAtMs + dayMs
    const ms = isBelievable ? startTimeMs : acceptedAtMs
    const day = Math.floor(ms / dayMs)
    if (day !== last.day) last = { day, text: new Date(ms).toISOString().slice(0, 10) }
    return last.text
  }
}
