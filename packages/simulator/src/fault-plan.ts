import type { Chance } from './chance.ts'
import { drawFault, type Shares } from './faults.ts'

interface Outage<Kind> {
  readonly fromMs: number
  readonly toMs: number
  readonly fault: Kind
}

/**
 * Decides which fault a request gets: the fault of a current outage, otherwise the next planned fault,
 * otherwise a random one.
 */
export class FaultPlan<Kind extends string> {
  #shares: Shares<Kind> | undefined
  #planned: Kind[] = []
  #outages: Outage<Kind>[] = []
  readonly #chance: Chance

  constructor(shares: Shares<Kind>, chance: Chance) {
    this.#shares = shares
    this.#chance = chance
  }

  next(faults: readonly Kind[]): void {
    this.#planned.push(...faults)
  }

  outage(outage: Outage<Kind>): void {
    this.#outages.push(outage)
  }

  heal(): void {
    this.#shares = undefined
    this.#planned = []
    this.#outages = []
  }

  draw(nowMs: number): Kind | undefined {
    const outage = this.#outages.find(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs)
    if (outage !== undefined) return outage.fault
    return this.#planned.shift() ?? drawFault(this.#shares, this.#chance)
  }
}
