import { doubtDays } from './positions.ts'

const dayMs = 86_400_000

/**
 * Returns the days, `YYYY-MM-DD`, that another journal may have assigned to a key as its home, given the
 * acceptance times or homes in this journal.
 */
export function daysAround(timesMs: readonly number[]): readonly string[] {
  let firstMs = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  for (const timeMs of timesMs) {
    firstMs = Math.min(firstMs, timeMs - doubtDays * dayMs)
    lastMs = Math.max(lastMs, timeMs + doubtDays * dayMs)
  }
  const days: string[] = []
  for (let atMs = firstMs; atMs < lastMs + dayMs; atMs += dayMs)
    days.push(new Date(atMs).toISOString().slice(0, 10))
  return days
}
