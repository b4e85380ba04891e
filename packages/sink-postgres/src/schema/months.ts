/** A UTC month, `YYYY-MM`. Each partition holds one month. */
export type Month = string

export function monthOf(day: string): Month {
  return day.slice(0, 7)
}

/** Returns the months of these days. Skips text that is not a day, because its record is refused later. */
export function monthsOf(days: Iterable<string>): ReadonlySet<Month> {
  const months = new Set<Month>()
  let known = ''
  for (const day of days) {
    if (day === known) continue
    known = day
    if (isDay(day)) months.add(monthOf(day))
  }
  return months
}

/** Returns whether the text is a day, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
}

export function monthAt(ms: number): Month {
  return new Date(ms).toISOString().slice(0, 7)
}

export function monthAfter(month: Month, months = 1): Month {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + months)).toISOString().slice(0, 7)
}

export function firstDayMs(month: Month): number {
  return Date.parse(`${month}-01`)
}
