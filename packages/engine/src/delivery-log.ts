import type { DeliveryTrouble } from '@cdrstream/core'
import type { Logger } from '@cdrstream/plugin'
import { Condition } from './condition.ts'
import type { StartedSink } from './open-sink.ts'

/** Writes the log of delivery to one sink. */
export class DeliveryLog {
  readonly #log: Logger
  readonly #sink: string
  readonly #deadline: AbortSignal
  readonly #delivery: Condition
  readonly #journal: Condition
  readonly #marks: Condition
  readonly #closing: Condition

  /**
   * Calls that fail after `deadline` are not retried: the shutdown aborts them, so the sink is not at fault.
   */
  constructor(log: Logger, sink: string, deadline: AbortSignal) {
    this.#log = log
    this.#sink = sink
    this.#deadline = deadline
    this.#delivery = new Condition(log, { sink })
    this.#journal = new Condition(log, { sink, part: 'journal' })
    this.#marks = new Condition(log, { sink, part: 'marks' })
    this.#closing = new Condition(log, { sink, part: 'closing' })
  }

  started({ reason, gap }: StartedSink): void {
    const sink = this.#sink
    if (reason === 'foreign') {
      this.#log.warn(
        'the sink was written to from another journal or from a copy of this one; delivering again',
        { sink },
      )
    }
    if (reason === 'emptied') {
      this.#log.warn(
        'the sink no longer has records that it had; delivering all that the journal keeps again',
        { sink },
      )
    }
    if (gap !== null) {
      const records = gap.to.offset - gap.from.offset
      this.#log.error('the journal no longer has records that this sink has not received', { sink, records })
    }
  }

  /** `cause`: the cause of the event that just happened, if it was trouble. */
  trouble(trouble: DeliveryTrouble | null, cause: string | undefined): void {
    if (trouble === null) {
      this.#delivery.ok()
    } else if (trouble.remedy === undefined) {
      if (this.#deadline.aborted) return
      this.#delivery.bad(trouble.code, 'sink is not accepting records; retrying', { cause })
    } else {
      const { code, remedy } = trouble
      const message = 'sink is paused; it resumes by itself once the remedy is applied'
      this.#delivery.bad(code, message, { remedy, cause })
    }
  }

  startingOver(cause: string): void {
    const message = 'delivery failed for an unexpected reason; starting over'
    this.#delivery.bad('delivery-failed', message, { cause })
  }

  journalFailed(cause: string): void {
    this.#journal.bad('journal-failed', 'the journal failed; delivery is waiting', { cause })
  }

  journalWorks(): void {
    this.#journal.ok()
  }

  marksFailed(cause: string): void {
    if (this.#deadline.aborted) return
    const message = 'cannot publish how far the records are complete; retrying'
    this.#marks.bad('mark-failed', message, { cause })
  }

  marksPublished(): void {
    this.#marks.ok()
  }

  /** While a connection is broken, every session may fail to close, but this is logged only once. */
  notClosed(cause: string): void {
    this.#closing.bad('close-failed', 'the sink did not close', { cause })
  }

  closed(): void {
    this.#closing.ok()
  }
}
