/** A month of UTC, `YYYY-MM`: what a partition holds. */
export type Month = string

export function monthOf(day: string): Month {
  return day.slice(0, 7)
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
