const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Reads a duration of the configuration: a whole number and a unit, `250ms`, `60s`, `5m`, `2h`, `30d`.
 * Returns milliseconds, or undefined for anything else.
 */
export function parseDurationMs(text: string): number | undefined {
  const [, digits, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? []
  if (digits === undefined || unit === undefined) return undefined
  const ms = Number(digits) * (unitMs[unit] ?? Number.NaN)
  return Number.isSafeInteger(ms) ? ms : undefined
}
