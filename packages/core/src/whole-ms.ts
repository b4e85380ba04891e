declare const whole: unique symbol

/**
 * A time in whole milliseconds since 1970, UTC. Every stored time has this type: an integer column refuses a
 * fraction, and arithmetic on a `WholeMs` returns a plain number again.
 */
export type WholeMs = number & { readonly [whole]: true }

/** Returns the millisecond that contains this time. Throws a RangeError for anything that is not a time. */
export function wholeMs(ms: number): WholeMs {
  const floor = Math.floor(ms)
  if (!isWhole(floor)) throw new RangeError(`not a time in milliseconds: ${ms}`)
  return floor
}

function isWhole(ms: number): ms is WholeMs {
  return Number.isSafeInteger(ms)
}
