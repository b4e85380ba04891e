const unitBytes: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

/**
 * Parses a size from the configuration: a whole number and a decimal unit, such as `500B`, `64KB`, `128MB` or
 * `20GB`. Returns bytes, or undefined if the text is not a size.
 */
export function parseByteSize(text: string): number | undefined {
  const [, digits, unit] = /^(\d+)(B|KB|MB|GB|TB)$/.exec(text) ?? []
  if (digits === undefined || unit === undefined) return undefined
  const bytes = Number(digits) * (unitBytes[unit] ?? Number.NaN)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
