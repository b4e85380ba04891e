/**
 * Returns the value of plain decimal digits with an optional sign and fraction: `42`, `-420`, `7.50`. Returns
 * NaN for anything else, including what `Number` accepts: `1e5`, `0x10`, ` 5`, the empty string. Returns
 * Infinity if there are too many digits.
 */
export function parseDecimal(text: string): number {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
}

/**
 * Like `parseDecimal`, but returns NaN unless every digit of the fraction is zero. The result may be too
 * large to be exact: check it with `Number.isSafeInteger`.
 */
export function parseInteger(text: string): number {
  return /^[+-]?\d+(?:\.0+)?$/.test(text) ? Number(text) : Number.NaN
}
