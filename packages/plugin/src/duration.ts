const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Parses a duration from the configuration: a whole number and a unit, such as `250ms`, `60s`, `5m`, `2h` or
 * `30d`. Returns milliseconds, or undefined if the text is not a duration.
 */
export function parseDurationMs(text: string): number | undefined {
  const [, digits, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? []
  if (digits === undefined || unit === undefined) return undefined
  const ms = Number(digits) * (unitMs[unit] ?? Number.NaN)
  return Number.isSafeInteger(ms) ? ms : undefined
}
