declare const whole: unique symbol

/**
 * A time in milliseconds since 1970, UTC, without a fraction. Every time that is stored has this type: an
 * integer column refuses a fraction, and arithmetic on a `WholeMs` gives a plain number again.
 */
export type WholeMs = number & { readonly [whole]: true }

/** Returns the millisecond that contains this time. Throws a RangeError for what is no time. */
export function wholeMs(ms: number): WholeMs {
  const floor = Math.floor(ms)
  if (!isWhole(floor)) throw new RangeError(`not a time in milliseconds: ${ms}`)
  return floor
}

function isWhole(ms: number): ms is WholeMs {
  return Number.isSafeInteger(ms)
}
