const dayMs = 86_400_000

let last = { day: '', number: Number.NaN }

/**
 * The day `YYYY-MM-DD` as a count of days since 1970; NaN for anything else. As a rule, the one before is
 * asked for again.
 */
export function dayNumber(day: string): number {
  if (day !== last.day) last = { day, number: Date.parse(day) / dayMs }
  return last.number
}

/** The day that was counted. */
export function dayText(number: number): string {
  return new Date(number * dayMs).toISOString().slice(0, 10)
}
