const dayMs = 86_400_000

/** The day `YYYY-MM-DD` as a count of days since 1970. NaN for anything else, which the STRICT column refuses. */
export function dayNumber(day: string): number {
  return Date.parse(day) / dayMs
}

/** The day that was counted. */
export function dayText(number: number): string {
  return new Date(number * dayMs).toISOString().slice(0, 10)
}
