/** Reproducible chance: the same seed, the same decisions. */
export interface Chance {
  /** In [0, 1). */
  next(): number
  happens(probability: number): boolean
  /** Whole, both ends included. */
  integer(from: number, to: number): number
  oneOf<Choice>(choices: readonly Choice[]): Choice
  /** So many random hexadecimal digits. */
  hex(digits: number): string
}

/** mulberry32, of a text and a number, so that each part of the simulation has its own. */
export function chanceOf(seed: number, ...parts: readonly (string | number)[]): Chance {
  let state = (seed ^ 0x9e3779b9) >>> 0
  for (const char of parts.join('|')) state = Math.imul(state ^ char.charCodeAt(0), 0x01000193) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    integer,
    happens: (probability) => next() < probability,
    oneOf<Choice>(choices: readonly Choice[]): Choice {
      const choice = choices[integer(0, choices.length - 1)]
      if (choice === undefined) throw new RangeError('nothing to choose from')
      return choice
    },
    hex(digits) {
      let text = ''
      while (text.length < digits)
        text += Math.floor(next() * 0x1_0000_0000)
          .toString(16)
          .padStart(8, '0')
      return text.slice(0, digits)
    },
  }
}

/** A UUID of version 3, as the Report IDs that were seen (api facts, section 0). */
export function uuidOf(chance: Chance): string {
  const digits = chance.hex(30)
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-3${digits.slice(12, 15)}-a${digits.slice(15, 18)}-${digits.slice(18)}`
}
