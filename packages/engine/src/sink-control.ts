import type { ControlEvent } from '@cdrstream/core'
import type { Position } from '@cdrstream/plugin'

/** What an operator can do with the delivery to one sink. It takes effect after the step in progress. */
export interface SinkControl {
  /** Closes the sink, and sends it nothing until it is resumed. Not durable: see `SinkStanding.isPaused`. */
  pause(): void
  resume(): void
  /** Ends a pause, or the wait after a failure: the sink is called at once. */
  retryNow(): void
  /**
   * Delivers everything after this position again. Resolves to true once the journal has recorded it, so that
   * it survives a crash; to false if delivery ended before.
   */
  replayFrom(after: Position): Promise<boolean>
}

/** Passes what an operator asks for to the loop of a sink, which looks at it between two steps. */
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

  /** Aborted when something arrives, until it is taken. */
  get arrival(): AbortSignal {
    return this.#arrival.signal
  }

  /** Returns what has arrived, in order. */
  take(): readonly ControlEvent[] {
    const events = this.#events
    if (events.length > 0) {
      this.#events = []
      this.#arrival = new AbortController()
    }
    return events
  }

  /** Notes that the journal has recorded the replays that were taken. */
  rewound(): void {
    this.#settle(true)
  }

  /** Notes that the loop takes nothing any more. */
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
