/** Returns a duration in the largest exact unit, in the configuration's format: `2h`, `90s`, `250ms`. */
export function durationText(ms: number): string {
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const
  const exact = units.find(([, unitMs]) => ms >= unitMs && ms % unitMs === 0)
  return exact === undefined ? `${ms}ms` : `${ms / exact[1]}${exact[0]}`
}
