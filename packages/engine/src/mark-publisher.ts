import type { DeliveryState, StoredRecord } from '@cdrstream/core'
import type { Mark, SinkSession } from '@cdrstream/plugin'
import { describeTrouble } from './call-sink.ts'
import type { DeliveryLog } from './delivery-log.ts'
import type { MarkBoard } from './mark-board.ts'
import type { Clock, Journal, SinkStanding } from './ports/index.ts'
import { PublishedMarks } from './published-marks.ts'
import type { SinkCalls } from './sink-calls.ts'

/** The options of a mark publisher. */
export interface MarkPublisherOptions {
  readonly sink: string
  readonly board: MarkBoard
  readonly journal: Pick<Journal, 'missing'>
  readonly calls: SinkCalls
  readonly log: DeliveryLog
}

interface FindSituation {
  readonly state: DeliveryState<StoredRecord>
  readonly nowMs: number
  readonly draining: boolean
  /** Undefined before the sink is registered. */
  readonly standing: SinkStanding | undefined
  /** Runs a journal operation; returns undefined if it failed. */
  guard<Result>(work: () => Promise<Result>): Promise<Result | undefined>
}

/**
 * Publishes to one sink how far its records are complete: only changed marks, and only when their records are
 * durable.
 */
export class MarkPublisher {
  readonly #options: MarkPublisherOptions
  #published = new PublishedMarks()
  /** The marks that the sink should publish next. */
  #next: readonly Mark[] = []

  constructor(options: MarkPublisherOptions) {
    this.#options = options
  }

  /** Resets what was published, because a session cannot tell what an earlier session published. */
  opened(): void {
    this.#published = new PublishedMarks()
  }

  /** Returns whether marks are ready to publish, with all their records durable in the sink. */
  async find(session: SinkSession | undefined, situation: FindSituation): Promise<boolean> {
    const { sink, board, journal } = this.#options
    const { state, nowMs, draining, standing, guard } = situation
    const { atEnd, through, readTo, markNotBeforeMs } = state
    this.#next = []
    const isDurable = atEnd && state.session === 'open' && through.offset >= readTo.offset
    if (!isDurable || session?.mark === undefined || standing === undefined) return false
    if (markNotBeforeMs > nowMs || !this.#published.isDue(board.version, nowMs, draining)) return false
    const missing = await guard(() => journal.missing(sink))
    if (missing === undefined) return false
    const found = board.marksFor({ offset: through.offset, firstMs: standing.firstMs, missing })
    this.#next = this.#published.changed(found)
    if (this.#next.length === 0) this.#published.done([], board.version, nowMs)
    return this.#next.length > 0
  }

  /** Publishes the marks that were found. Returns whether it succeeded. */
  async publish(session: SinkSession, clock: Clock): Promise<boolean> {
    const marks = this.#next
    const { version } = this.#options.board
    const isPublished = await this.#send(session, marks)
    if (isPublished) this.#published.done(marks, version, clock.nowMs())
    return isPublished
  }

  /**
   * Retracts marks of an emptied sink: until it is refilled, they must not claim that everything is present.
   */
  async retract(session: SinkSession, firstMs: number | null, sinceMs: number | null): Promise<void> {
    const { sink, board, journal } = this.#options
    const missing = await journal.missing(sink)
    const retracted = board.marksOfEmptied({ firstMs, missing }, sinceMs)
    if (retracted.length > 0) await this.#send(session, retracted)
  }

  async #send(session: SinkSession, marks: readonly Mark[]): Promise<boolean> {
    const { calls, log } = this.#options
    const { outcome } = await calls.call<undefined>(async (call) => {
      await session.mark?.(marks, call)
      return undefined
    })
    if (outcome === undefined) log.marksPublished()
    else log.marksFailed(describeTrouble(outcome))
    return outcome === undefined
  }
}
