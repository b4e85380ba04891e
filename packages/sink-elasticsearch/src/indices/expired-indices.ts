/** Which monthly indices ended longer than `retentionMs` before `nowMs`. Their names end with `YYYY.MM`. */
export function expiredIndices(
  names: Iterable<string>,
  retentionMs: number,
  nowMs: number,
): readonly string[] {
  return [...names].filter((name) => {
    const [year, month] = name.slice(-7).split('.').map(Number)
    // The months of Date begin with 0: this is the first day of the next one.
    return Date.UTC(year ?? Number.NaN, month ?? Number.NaN) + retentionMs <= nowMs
  })
}
