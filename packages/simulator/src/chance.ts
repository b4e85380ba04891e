/** A seeded source of random decisions. The same seed always leads to the same decisions. */
export interface Chance {
  /** Returns a number in [0, 1). */
  next(): number
  /** Returns true with this probability, from 0 to 1. */
  happens(probability: number): boolean
  /** Returns a whole number in [from, to], both ends included. */
  integer(from: number, to: number): number
  /** Returns one of the choices, each with the same probability. Throws a RangeError if there are none. */
  oneOf<Choice>(choices: readonly Choice[]): Choice
  /** Returns this many random hexadecimal digits. */
  hex(digits: number): string
}

/**
 * Returns an sfc32 generator, seeded by a number and a purpose so that each part of the simulation has its
 * own. Its state has 128 bits. With 32 bits, states, and therefore Report IDs, would repeat within a day of
 * calls.
 */
export function chanceOf(seed: number, ...purpose: readonly (string | number)[]): Chance {
  const name = `${seed}|${purpose.join('|')}`
  let a = hash(name, 0x9e3779b9)
  let b = hash(name, 0x243f6a88)
  let c = hash(name, 0xb7e15162)
  let counter = hash(name, 0xdeadbeef)
  const bits = () => {
    const mixed = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + mixed) | 0
    return mixed >>> 0
  }
  for (let round = 0; round < 12; round += 1) bits()
  const next = () => bits() / 0x1_0000_0000
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    integer,
    happens: (probability) => next() < probability,
    oneOf<Choice>(choices: readonly Choice[]): Choice {
      const choice = choices[integer(0, choices.length - 1)]
      if (choice === undefined) throw new RangeError('no choices to choose from')
      return choice
    },
    hex(digits) {
      let text = ''
      while (text.length < digits) {
        const drawn = bits()
        text += hexadecimal[drawn >>> 16]
        text += hexadecimal[drawn & 0xffff]
      }
      return text.slice(0, digits)
    },
  }
}

/** A lookup table, because a call needs hundreds of digits. */
const hexadecimal = Array.from({ length: 0x1_0000 }, (_, number) => number.toString(16).padStart(4, '0'))

/** Returns a version 3 UUID, like the observed Report IDs (docs/api/webex-cdr-api.md, section 0). */
export function uuidOf(chance: Chance): string {
  return `${chance.hex(8)}-${chance.hex(4)}-3${chance.hex(3)}-a${chance.hex(3)}-${chance.hex(12)}`
}

/** Returns the FNV-1a hash, followed by a finalizer that spreads the last characters over all bits. */
function hash(text: string, start: number): number {
  let state = start
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}
