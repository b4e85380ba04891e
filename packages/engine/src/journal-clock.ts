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

/** A newest acceptance further ahead than this comes from a wrong clock: waiting for it would stop time. */
const maxHeldMs = 86_400_000

/**
 * The time that the journal stores: the server's time if our clock disagrees, and never before the newest
 * acceptance, even across restarts. All orgs share one clock, because the journal has a single order.
 */
export class JournalClock {
  readonly #clock: Clock
  /** When the newest record was accepted, according to the journal at startup. */
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

  /** Learns from a response that must come from the API itself. */
  learn(server: ServerTime): void {
    this.#server = learnServerClock(this.#server, server)
  }

  /**
   * Returns the time for what is stored now: never before a time returned since the server's time became
   * known, and never before the journal's newest time at startup, unless that is off by more than a day.
   */
  nowMs(): WholeMs {
    const nowMs = this.#correctedMs()
    const newestMs = this.#newestMs
    // Not kept afterwards, because our clock may be hours ahead and steps back once the server's time is
    // known.
    if (this.#server.presumed) return newestMs !== undefined && newestMs > nowMs ? newestMs : nowMs
    const holds = newestMs !== undefined && newestMs > nowMs && newestMs - nowMs <= maxHeldMs
    this.#newestMs = holds ? newestMs : nowMs
    return this.#newestMs
  }

  /**
   * Returns the time that deletion can rely on. Until the server's time is known, this is the newest
   * acceptance plus the time since this process started, because a clock that is wrong at startup must not
   * make records look old. 0 if nothing is known.
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
