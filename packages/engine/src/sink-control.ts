import type { ControlEvent } from '@cdrstream/core'
import type { Position } from '@cdrstream/plugin'

/** Lets an operator control delivery to one sink. Each call takes effect after the step in progress. */
export interface SinkControl {
  /** Closes the sink, and sends nothing until it is resumed. Not durable; see `SinkStanding.isPaused`. */
  pause(): void
  resume(): void
  /** Ends a pause or the wait after a failure, and calls the sink immediately. */
  retryNow(): void
  /**
   * Delivers everything after this position again. Resolves to true once the journal has recorded the replay,
   * which then survives a crash, or to false if delivery ends first.
   */
  replayFrom(after: Position): Promise<boolean>
}

/** Passes an operator's requests to a sink's loop, which takes them between steps. */
export class ControlBox implements SinkControl {
  #events: ControlEvent[] = []
  #replays: ((isRecorded: boolean) => void)[] = []
  #arrival = new AbortController()
  #hasEnded = false

  pause(): void {
    this.#put({ kind: 'pause' })
  }

  resume(): void {
    this.#put({ kind: 'resume' })
  }

  retryNow(): void {
    this.#put({ kind: 'retry-now' })
  }

  async replayFrom(after: Position): Promise<boolean> {
    if (this.#hasEnded) return false
    const recorded = new Promise<boolean>((resolve) => this.#replays.push(resolve))
    this.#put({ kind: 'replay', after })
    return recorded
  }

  /** Aborted while there are requests to take. */
  get arrival(): AbortSignal {
    return this.#arrival.signal
  }

  /** Returns the requests that have arrived, in order. */
  take(): readonly ControlEvent[] {
    const events = this.#events
    if (events.length > 0) {
      this.#events = []
      this.#arrival = new AbortController()
    }
    return events
  }

  /** Notes that the journal has recorded the requested replays. */
  rewound(): void {
    this.#settle(true)
  }

  /** Notes that the loop takes no more requests. */
  end(): void {
    this.#hasEnded = true
    this.#settle(false)
  }

  #put(event: ControlEvent): void {
    this.#events.push(event)
    this.#arrival.abort()
  }

  #settle(isRecorded: boolean): void {
    const replays = this.#replays
    this.#replays = []
    for (const resolve of replays) resolve(isRecorded)
  }
}
