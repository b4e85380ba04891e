import {
  clocksAgree,
  learnServerClock,
  type ServerClock,
  type ServerTime,
  unknownServerClock,
  type WholeMs,
  wholeMs,
} from '@cdrstream/core'
import type { Clock } from './ports/index.ts'

/**
 * A newest acceptance that is further ahead than this came from a wrong clock: holding on to it would stop
 * time.
 */
const mostHeldMs = 86_400_000

/**
 * The time that the journal stores: by the server's clock where ours disagrees, and never before the newest
 * acceptance, also over restarts. One for all orgs, since the order of the journal is one.
 */
export class JournalClock {
  readonly #clock: Clock
  /** When the newest record was accepted, as the journal had it at the start. */
  readonly #foundMs: WholeMs | undefined
  readonly #foundAtMs: number
  #server: ServerClock
  #newestMs: WholeMs | undefined

  constructor(clock: Clock, newestAcceptedAtMs: WholeMs | undefined) {
    this.#clock = clock
    this.#foundMs = newestAcceptedAtMs
    this.#foundAtMs = clock.nowMs()
    this.#newestMs = newestAcceptedAtMs
    this.#server = unknownServerClock(this.#foundAtMs)
  }

  /** An answer that the API itself must have written told its time. */
  learn(server: ServerTime): void {
    this.#server = learnServerClock(this.#server, server)
  }

  /**
   * Returns the time for what is stored now: never before what it returned since the server told its time,
   * nor before what the journal had at the start, unless that is wrong by more than a day.
   */
  nowMs(): WholeMs {
    const nowMs = this.#correctedMs()
    const newestMs = this.#newestMs
    // Not held on to afterwards: our clock alone may be ahead by hours, and steps back when the server tells
    // its time.
    if (this.#server.presumed) return newestMs !== undefined && newestMs > nowMs ? newestMs : nowMs
    const holds = newestMs !== undefined && newestMs > nowMs && newestMs - nowMs <= mostHeldMs
    this.#newestMs = holds ? newestMs : nowMs
    return this.#newestMs
  }

  /**
   * Returns the time that deleting may rely on. Until the server has told its time, that is the newest
   * acceptance and what has passed since this process started: a clock that is wrong at a start must not make
   * anything look old. 0 if nothing is known.
   */
  observedMs(): WholeMs {
    if (!this.#server.presumed) return this.#correctedMs()
    return wholeMs(this.#foundMs === undefined ? 0 : this.#foundMs + this.#clock.nowMs() - this.#foundAtMs)
  }

  #correctedMs(): WholeMs {
    const { aheadMinMs, aheadMaxMs } = this.#server
    return wholeMs(this.#clock.nowMs() + (clocksAgree(this.#server) ? 0 : (aheadMinMs + aheadMaxMs) / 2))
  }
}
