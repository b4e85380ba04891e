import { defaultTerms } from '@cdrstream/core'
import {
  type Answered,
  allowedAtMs,
  type Budget,
  giveUpSlot,
  type RequestKind,
  reserveSlot,
  unusedBudget,
} from '@cdrstream/core/budget'
import type { RateViolation } from '@cdrstream/simulator'
import type { Chance } from '@cdrstream-internal/chance'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { CredentialLane } from '../../src/credential-lane.ts'
import type { Platform } from '../../src/engine-options.ts'
import type { Journal } from '../../src/ports/journal.ts'
import { recoverBudgets } from '../../src/recover-budgets.ts'
import type { Flaw } from './flaw.ts'
import { type LimitedServer, limitedServer } from './limited-server.ts'
import { memoryJournal } from './memory-journal.ts'

/** The outcome of one world. */
export interface WorldResult {
  readonly requests: number
  /** Requests that exceeded the limit in a sliding minute, according to the server's own ledger. */
  readonly violations: readonly RateViolation[]
  /** The number of 429 responses from the server's own limiter: must be 0 for every kind of limiter. */
  readonly refused: number
}

const terms = defaultTerms
const { perMs } = terms.initialRequests
const startMs = Date.UTC(2026, 8, 24, 12)
const bootMs = startMs - 3_600_000
const dayMs = 86_400_000
/** How long the source waits for a response. */
const giveUpMs = 90_000
/** A request that was given up arrives within this time, or never. */
const travelMs = perMs / 6
const never = new AbortController().signal

interface Process {
  readonly lane: (org: string) => CredentialLane
  readonly journal: Journal
  readonly platform: Platform
  endedAtMs: number
}

/**
 * Orgs that share a credential and send requests as often as allowed, next to a command, with crashes,
 * changed clocks, a failing journal and a slow network. Budget and lane are real; the server is simulated.
 */
export class LimitedWorld {
  readonly #time = new VirtualTime(startMs)
  readonly #chance: Chance
  readonly #flaw: Flaw
  readonly #server: LimitedServer
  readonly #orgs: readonly string[]
  readonly #longestDelayMs: number
  readonly #limitedShare: number
  #stored = memoryJournal()
  #clockAheadMs = 0
  #ids = 0
  /** The name of the credential, which changes when the org is renamed. */
  #credential = 'shared'

  constructor(chance: Chance, flaw: Flaw) {
    this.#chance = chance
    this.#flaw = flaw
    this.#orgs = ['acme', 'blue', 'cyan'].slice(0, chance.integer(1, 3))
    this.#longestDelayMs = chance.oneOf([300, 3_000, 30_000, 120_000] as const)
    this.#limitedShare = chance.oneOf([0, 0, 0.1, 0.4] as const)
    this.#server = limitedServer(this.#time, {
      rateLimit: chance.oneOf(['sliding', 'fixed-minute', 'token-bucket'] as const),
      refusedCount: chance.happens(0.5),
    })
  }

  /** Runs two or three collector processes, one after the other. */
  async run(): Promise<WorldResult> {
    for (let lives = this.#chance.integer(2, 3); lives > 0; lives -= 1) {
      const process = await this.#start()
      await this.#time.passUntil(this.#time.nowMs + this.#chance.between(1, lives === 1 ? 2 * perMs : perMs))
      process.endedAtMs = this.#time.nowMs
      await this.#time.passUntil(this.#time.nowMs + this.#chance.between(0, perMs / 4))
    }
    // The requests still on their way arrive now.
    await this.#time.passUntil(this.#time.nowMs + travelMs + perMs)
    const { requests, refused } = this.#server
    return { requests, refused, violations: this.#server.violations() }
  }

  async #start(): Promise<Process> {
    if (this.#chance.happens(0.4)) this.#clockAheadMs = this.#chance.between(-30, 30) * dayMs
    if (this.#flaw === 'forgets-on-restart') this.#stored = memoryJournal()
    if (this.#flaw === 'forgets-unanswered') await this.#forgetUnanswered()
    if (this.#chance.happens(0.3)) this.#credential = `renamed ${++this.#ids}`
    const process = this.#newProcess()
    // As in the engine, nothing is sent before this succeeds.
    while (
      !(await recoverBudgets(
        this.#flaw === 'forgets-on-rename'
          ? { ...process.journal, credentials: async () => [] }
          : process.journal,
        [this.#credential],
        terms,
        process.platform.clock.nowMs(),
        process.platform.boot,
      ).then(
        () => true,
        () => false,
      ))
    );
    for (const org of this.#orgs) void this.#collect(org, process)
    if (this.#chance.happens(0.5)) void this.#command(process)
    return process
  }

  #newProcess(): Process {
    const lanes = new Map<string, CredentialLane>()
    const journal = this.#unreliable()
    const isOver = () => process.endedAtMs <= this.#time.nowMs
    const clock = setClock(this.#time, this.#clockAheadMs, this.#chance.between(0, 0.004), isOver)
    const platform: Platform = {
      clock,
      digest: (text) => text,
      newId: () => String(++this.#ids),
      ...(this.#flaw !== 'trusts-the-clock' && {
        boot: { id: 'one', atMs: bootMs + this.#clockAheadMs },
      }),
    }
    const process: Process = {
      journal,
      platform,
      endedAtMs: Number.POSITIVE_INFINITY,
      lane: (org) => {
        const credential = this.#flaw === 'not-shared' ? org : this.#credential
        const lane = lanes.get(credential) ?? new CredentialLane(credential, journal, terms, platform)
        lanes.set(credential, lane)
        return lane
      },
    }
    return process
  }

  /** Sends every request as soon as it is allowed. */
  async #collect(org: string, process: Process): Promise<void> {
    const lane = process.lane(org)
    const { clock } = process.platform
    while (this.#time.nowMs < process.endedAtMs) {
      try {
        const kind = this.#chance.happens(0.7) ? 'page' : 'initial'
        const waitMs = allowedAtMs(await lane.budget(), kind, terms) - clock.nowMs()
        if (waitMs > 0) {
          const change = lane.next()
          await clock.sleep(Math.min(waitMs + this.#chance.between(0, 10), perMs), change.signal)
          change.dispose()
          continue
        }
        const slot = await lane.reserve(org, kind)
        if (slot === undefined) continue
        const exchange = this.#exchange(lane, slot, kind, process)
        // Pages of other orgs are read meanwhile, but never another page of this org.
        if (this.#chance.happens(0.8)) await exchange
      } catch {
        await clock.sleep(1_000, never)
      }
    }
  }

  async #exchange(lane: CredentialLane, slot: string, kind: RequestKind, process: Process): Promise<void> {
    const { clock } = process.platform
    const sentAtMs = clock.nowMs()
    const answer = await this.#send(kind, process)
    const atMs = this.#flaw === 'counts-from-sending' ? sentAtMs : clock.nowMs()
    const known = this.#known(answer, atMs)
    if (answer === 'page' && this.#chance.happens(0.5)) {
      const change = lane.answered(slot, known)
      await lane
        .keepSlot(slot, known, () => process.journal.changeBudget(lane.credential, change))
        .catch(() => {})
      lane.notify()
    } else await lane.store(slot, known).catch(() => {})
  }

  #known(answer: 'page' | 'limited' | 'none', answeredAtMs: number): Answered {
    switch (answer) {
      case 'page':
        return { kind: 'page', answeredAtMs }
      case 'limited': {
        const retryAfterMs = this.#chance.oneOf([null, 1_000, 90_000] as const)
        return { kind: 'limited', answeredAtMs, retryAfterMs }
      }
      case 'none':
        return { kind: 'failed', answeredAtMs: null }
    }
  }

  /** Never resolves once the process has ended. */
  #send(kind: RequestKind, process: Process): Promise<'page' | 'limited' | 'none'> {
    const sentAtMs = this.#time.nowMs
    const delayMs = () => this.#chance.between(1, this.#longestDelayMs)
    return new Promise((resolve) => {
      const finish = (answer: 'page' | 'limited' | 'none') => {
        giveUp()
        if (this.#time.nowMs < process.endedAtMs) resolve(answer)
      }
      const giveUp = this.#time.at(sentAtMs + giveUpMs, () => finish('none'))
      this.#time.at(sentAtMs + delayMs(), () => {
        const waitedUntilMs = Math.min(process.endedAtMs, sentAtMs + giveUpMs)
        if (this.#time.nowMs > waitedUntilMs + travelMs) return
        const limited = this.#server.arrive(kind) || this.#chance.happens(this.#limitedShare)
        this.#time.at(this.#time.nowMs + delayMs(), () => finish(limited ? 'limited' : 'page'))
      })
    })
  }

  /**
   * Sends one request next to the collector. Its slot is stamped when reserved, because nothing would recover
   * it.
   */
  async #command(process: Process): Promise<void> {
    const { journal, platform } = process
    const { clock } = platform
    await clock.sleep(this.#chance.between(0, perMs), never)
    const id = platform.newId()
    for (;;) {
      const nowMs = clock.nowMs()
      const take = (budget: Budget) => {
        const taken = reserveSlot(budget, 'initial', id, terms, nowMs)
        return taken && giveUpSlot(taken, id, terms, nowMs + giveUpMs)
      }
      const taken = await journal.changeBudget(this.#credential, take).catch(() => undefined)
      if (taken !== undefined || this.#flaw === 'command-unreserved') break
      await clock.sleep(perMs / 4, never)
    }
    const answer = await this.#send('initial', process)
    if (answer === 'none') return
    await journal
      .changeBudget(this.#credential, (budget) => ({
        ...budget,
        slots: budget.slots.map((slot) => (slot.id === id ? { ...slot, countsFromMs: clock.nowMs() } : slot)),
      }))
      .catch(() => {})
  }

  /** Returns a journal that stores text and occasionally fails, before or after a call takes effect. */
  #unreliable(): Journal {
    const stored = this.#stored
    return {
      ...stored,
      changeBudget: async (credential, change) => {
        if (this.#chance.happens(0.01)) throw new Error('planned: before')
        const changed = await stored.changeBudget(credential, (budget) => {
          const next = change(budget)
          return next && JSON.parse(JSON.stringify(next))
        })
        if (this.#chance.happens(0.01)) throw new Error('planned: after')
        return changed
      },
    }
  }

  async #forgetUnanswered(): Promise<void> {
    await this.#stored.changeBudget(this.#credential, (budget = unusedBudget) => ({
      ...budget,
      slots: budget.slots.filter(({ countsFromMs }) => countsFromMs !== null),
    }))
  }
}

/** Returns the clock of a process: set once at its start, it then runs slightly fast. */
function setClock(
  time: VirtualTime,
  aheadMs: number,
  fast: number,
  isOver: () => boolean,
): Platform['clock'] {
  const clock = new ProcessClock(time, isOver)
  const startedAtMs = time.nowMs
  return {
    nowMs: () => aheadMs + time.nowMs + (time.nowMs - startedAtMs) * fast,
    sleep: (ms, signal) => clock.sleep(ms / (1 + fast), signal),
    yield: () => clock.yield(),
  }
}
