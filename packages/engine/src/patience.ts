import type { StallWatch } from './stall-watch.ts'

/**
 * What one org tells the stall watch, so that mode `once` ends when nothing moves on. Waiting for the rate
 * limit is no stall, except behind a request that led nowhere.
 */
export class Patience {
  readonly #stall: StallWatch
  #ledOn = true

  constructor(stall: StallWatch) {
    this.#stall = stall
  }

  /** A page is in the journal. */
  movedOn(): void {
    this.#ledOn = true
    this.#stall.movedOn()
  }

  /** A request has led on, or has led nowhere. */
  answered(ledOn: boolean): void {
    this.#ledOn = ledOn
  }

  /** The rate limit allows nothing before this time, in milliseconds; Infinity: not known. */
  waitsUntil(ms: number): void {
    if (this.#ledOn && Number.isFinite(ms)) this.#stall.waitsUntil(ms)
  }
}
