const dayMs = 86_400_000

let last = { day: '', number: Number.NaN }

/**
 * Returns the day `YYYY-MM-DD` as the number of days since 1970, or NaN if the text is not a day. Caches the
 * latest day, because most records of a page have the same day.
 */
export function dayNumber(day: string): number {
  if (day !== last.day) last = { day, number: Date.parse(day) / dayMs }
  return last.number
}

/** Returns the day with this number as `YYYY-MM-DD`. */
export function dayText(number: number): string {
  return new Date(number * dayMs).toISOString().slice(0, 10)
}
