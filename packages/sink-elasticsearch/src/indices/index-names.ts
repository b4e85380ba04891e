/** The names of the sink's indices. All begin with the `indexPrefix` option, here `cdr`. */
export interface IndexNames {
  /** `cdr`: the alias of all monthly indices, which readers query, and the name of the index template. */
  readonly alias: string
  /** `cdr-2*.*`: the monthly indices, `cdr-2026.11`. */
  readonly monthlyPattern: string
  /** `cdr-coverage`: how far each org's records are complete. */
  readonly coverage: string
  /** `cdr-journals`, a hidden index: which journals were written here. */
  readonly journals: string
  /** Returns the name of the monthly index for a home. */
  monthly(home: string): string
  /** Returns whether a name is the name of a monthly index. The pattern alone also matches other names. */
  isMonthly(index: string): boolean
}

export function indexNames(prefix: string): IndexNames {
  // `_` and `-` need no escape in a regular expression, and the prefix has no other special characters.
  const monthlyName = new RegExp(`^${prefix}-\\d{4}\\.\\d{2}$`)
  return {
    alias: prefix,
    monthlyPattern: `${prefix}-2*.*`,
    coverage: `${prefix}-coverage`,
    journals: `${prefix}-journals`,
    monthly: (home) => `${prefix}-${home.slice(0, 4)}.${home.slice(5, 7)}`,
    isMonthly: (index) => monthlyName.test(index),
  }
}
