import type { Terms } from '@cdrstream/core'
import {
  type Answered,
  type Budget,
  budgetAfter,
  giveUpSlot,
  type RequestKind,
  reserveSlot,
} from '@cdrstream/core/budget'
import { Broadcast } from './broadcast.ts'
import type { Platform } from './engine-options.ts'
import type { Journal } from './ports/journal.ts'

/**
 * All requests of one credential pass through its lane: each slot is in the journal before its request is
 * sent. Orgs that share the credential take turns, separately for initial requests and for page requests.
 */
export class CredentialLane {
  readonly credential: string
  readonly #journal: Journal
  readonly #terms: Terms
  readonly #platform: Platform
  readonly #changed = new Broadcast()
  /** Changes from responses that the journal could not store yet. */
  #unstored: ((budget: Budget) => Budget)[] = []
  readonly #turns = { initial: new Turns(), page: new Turns() }

  constructor(credential: string, journal: Journal, terms: Terms, platform: Platform) {
    this.credential = credential
    this.#journal = journal
    this.#terms = terms
    this.#platform = platform
  }

  async budget(): Promise<Budget> {
    await this.#storePending()
    return this.#journal.budget(this.credential)
  }

  /** Makes the org wait for a turn to send a request of this kind only. */
  want(org: string, kind: RequestKind): void {
    this.#turns[kind].want(org)
    if (this.#turns[kind === 'page' ? 'initial' : 'page'].leave(org)) this.#changed.notify()
  }

  /** Makes the org stop waiting for a turn. */
  leave(org: string): void {
    const left = [this.#turns.initial.leave(org), this.#turns.page.leave(org)]
    if (left.includes(true)) this.#changed.notify()
  }

  /** Returns whether no other org has waited longer. */
  isTurnOf(org: string, kind: RequestKind): boolean {
    return this.#turns[kind].isNext(org)
  }

  /**
   * Reserves a slot durably, or returns undefined if the budget does not allow it now. The request must be
   * sent immediately.
   */
  async reserve(org: string, kind: RequestKind): Promise<string | undefined> {
    const id = this.#platform.newId()
    const nowMs = this.#platform.clock.nowMs()
    await this.#storePending()
    const reserved = await this.#journal
      .changeBudget(this.credential, (budget) => reserveSlot(budget, kind, id, this.#terms, nowMs))
      .catch((cause: unknown) => {
        // It is unknown whether the slot was stored: if it was, it counts.
        this.#unstored.push((budget) => giveUpSlot(budget, id, this.#terms, nowMs))
        throw cause
      })
    if (reserved === undefined) return undefined
    this.#turns[kind].take(org)
    return id
  }

  /** Returns the change to the budget after a response, to be stored in the same transaction as the page. */
  answered(slot: string, answer: Answered): (budget: Budget) => Budget {
    const nowMs = this.#platform.clock.nowMs()
    return (budget) => budgetAfter(budget, slot, answer, this.#terms, nowMs)
  }

  /** Stores the response to a request that has no page to store, or that was abandoned. */
  async store(slot: string, answer: Answered): Promise<void> {
    this.#unstored.push(this.answered(slot, answer))
    await this.#storePending()
    this.#changed.notify()
  }

  /**
   * Runs the work that stores a response. If the journal fails, the response is not stored but the slot still
   * counts: this is stored before the next slot is reserved.
   */
  async keepSlot<Result>(slot: string, answer: Answered, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (cause) {
      this.#unstored.push(this.answered(slot, answer))
      throw cause
    }
  }

  /** Wakes all orgs that wait for this credential. */
  notify(): void {
    this.#changed.notify()
  }

  next(): ReturnType<Broadcast['next']> {
    return this.#changed.next()
  }

  async #storePending(): Promise<void> {
    const pending = this.#unstored
    if (pending.length === 0) return
    this.#unstored = []
    try {
      await this.#journal.changeBudget(this.credential, (budget) =>
        pending.reduce((changed, change) => change(changed), budget),
      )
    } catch (cause) {
      this.#unstored = [...pending, ...this.#unstored]
      throw cause
    }
  }
}

/** Decides whose turn it is: of the orgs that want one, the org whose last turn was longest ago. */
class Turns {
  /** The number of the last turn, for each org that wants one. */
  readonly #wanting = new Map<string, number>()
  readonly #last = new Map<string, number>()
  #count = 0

  want(org: string): void {
    this.#wanting.set(org, this.#last.get(org) ?? 0)
  }

  /** Returns whether the org wanted a turn. */
  leave(org: string): boolean {
    return this.#wanting.delete(org)
  }

  isNext(org: string): boolean {
    const own = this.#last.get(org) ?? 0
    for (const [other, last] of this.#wanting) if (other !== org && last < own) return false
    return true
  }

  take(org: string): void {
    this.#count += 1
    this.#last.set(org, this.#count)
    this.#wanting.delete(org)
  }
}
