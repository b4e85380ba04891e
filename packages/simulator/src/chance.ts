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

/**
 * sfc32, seeded by a number and what it is for, so that each part of the simulation has its own. The state has 128 bits: with 32, a
 * day of calls would meet the same state twice, and Report IDs with it.
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
      if (choice === undefined) throw new RangeError('nothing to choose from')
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

/** By number: a call has some hundred digits, and drawing them must cost little. */
const hexadecimal = Array.from({ length: 0x1_0000 }, (_, number) => number.toString(16).padStart(4, '0'))

/** A UUID of version 3, as the Report IDs that were seen (api facts, section 0). */
export function uuidOf(chance: Chance): string {
  return `${chance.hex(8)}-${chance.hex(4)}-3${chance.hex(3)}-a${chance.hex(3)}-${chance.hex(12)}`
}

/** FNV-1a with a finish that spreads the last characters over all bits. */
function hash(text: string, start: number): number {
  let state = start
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35)
  return state ^ (state >>> 16)
}
