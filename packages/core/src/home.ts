const dayMs = 86_400_000

/**
 * Returns a key's home as the UTC day `YYYY-MM-DD`: the day of its Start time, or of its acceptance if the
 * Start time is missing or implausible (outside acceptance - 62 days … + 1 day).
 */
export function recordHome(startTimeMs: number | null, acceptedAtMs: number): string {
  return createHomes(acceptedAtMs)(startTimeMs)
}

/**
 * Returns a function that returns the homes of records accepted together. The function caches the last day,
 * because consecutive records mostly have the same home and formatting a day is the most expensive step.
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
