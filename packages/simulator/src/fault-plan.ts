import type { Chance } from './chance.ts'
import { drawFault, type Fault, type FaultShares } from './faults.ts'

interface Outage {
  readonly fromMs: number
  readonly toMs: number
  readonly fault: Fault
}

/** Which fault the next request meets: an outage's, else a planned one, else one by chance. */
export class FaultPlan {
  #shares: FaultShares
  #planned: Fault[] = []
  #outages: Outage[] = []
  readonly #chance: Chance

  constructor(shares: FaultShares, chance: Chance) {
    this.#shares = shares
    this.#chance = chance
  }

  next(faults: readonly Fault[]): void {
    this.#planned.push(...faults)
  }

  outage(outage: Outage): void {
    this.#outages.push(outage)
  }

  heal(): void {
    this.#shares = {}
    this.#planned = []
    this.#outages = []
  }

  draw(nowMs: number): Fault | undefined {
    const outage = this.#outages.find(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs)
    if (outage !== undefined) return outage.fault
    return this.#planned.shift() ?? drawFault(this.#shares, this.#chance)
  }
}
