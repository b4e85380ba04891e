/** A seeded source of random decisions: the same seed always leads to the same decisions. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Returns a number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** Returns true with this probability, from 0 to 1. */
  happens(probability: number): boolean {
    return this.next() < probability
  }

  /** Returns a number in [from, to). */
  between(from: number, to: number): number {
    return from + this.next() * (to - from)
  }

  /** Returns an integer in [from, to]. */
  integer(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1))
  }

  /** Returns one of the choices, each with the same probability. */
  oneOf<Choice>(choices: readonly [Choice, ...Choice[]]): Choice {
    return choices[this.integer(0, choices.length - 1)] ?? choices[0]
  }
}
