/** Returns the first day of the month, as a home (`YYYY-MM-DD`). */
export function currentMonth(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 7)}-01`
}
