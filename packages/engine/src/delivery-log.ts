import {
  type Acknowledgement,
  type DeliveryTrouble,
  deliveryTerms,
  pausedByOperator,
  type StoredRecord,
} from '@cdrstream/core'
import type { Logger } from '@cdrstream/plugin'
import { Condition } from './condition.ts'
import type { DeliverOptions } from './deliver-options.ts'
import { LoopPulse } from './loop-pulse.ts'
import type { StartedSink } from './open-sink.ts'
import type { Clock } from './ports/index.ts'
import { SubjectWatch } from './subject-watch.ts'

/** The parts of a sink's state, most severe first. */
const parts = ['journal', 'delivery', 'start', 'marks', 'backlog'] as const
/** How long the loop waits after a journal failure. */
export const journalRetryMs = 5_000
/** The longest usual wait between two attempts. */
const longestRetryMs = 60_000
/** How long a record can wait, in addition to the sink's declared waits, before delivery counts as behind. */
const usualDelayMs = 60_000

/** Logs delivery to one sink, and reports the sink's state. */
export class DeliveryLog {
  readonly #log: Logger
  readonly #sink: string
  readonly #deadline: AbortSignal
  readonly #delivery: Condition
  readonly #journal: Condition
  readonly #marks: Condition
  readonly #closing: Condition
  readonly #pulse: LoopPulse
  readonly #watch: SubjectWatch<(typeof parts)[number]>
  readonly #clock: Clock
  readonly #usualMs: number

  /**
   * Calls that fail after `deadline` are not retried: the shutdown aborts them, so the sink is not at fault.
   */
  constructor(options: DeliverOptions) {
    const { log, setup, deadline, observer, platform } = options
    const sink = setup.name
    this.#log = log
    this.#sink = sink
    this.#deadline = deadline
    this.#clock = platform.clock
    const { flushAfterMs, waitMs, timeoutMs } = deliveryTerms(setup.traits)
    // A step calls the sink once or twice.
    this.#pulse = new LoopPulse(options, { subject: 'sink', name: sink }, 2 * timeoutMs)
    this.#usualMs = flushAfterMs + waitMs + usualDelayMs
    this.#watch = new SubjectWatch(observer, { subject: 'sink', name: sink }, platform.clock, parts)
    this.#watch.note('start', {
      state: 'waiting',
      code: 'starting',
      cause: 'the sink has not been opened yet',
    })
    this.#delivery = new Condition(log, { sink })
    this.#journal = new Condition(log, { sink, part: 'journal' })
    this.#marks = new Condition(log, { sink, part: 'marks' })
    this.#closing = new Condition(log, { sink, part: 'closing' })
  }

  /** Notes that the loop begins a step. */
  steps(): void {
    this.#pulse.steps()
  }

  /** Notes that the loop begins a wait of this length; Infinity if only an event ends it. */
  waits(ms: number): void {
    this.#pulse.waits(ms)
  }

  ended(): void {
    this.#pulse.ended()
  }

  started({ reason, gap }: StartedSink): void {
    const sink = this.#sink
    this.#watch.note('start', null)
    if (reason === 'foreign') {
      this.#log.warn(
        'the sink was written to from another journal or a copy of this one; delivering everything in the journal again',
        { sink },
      )
    }
    if (reason === 'emptied') {
      this.#log.warn('the sink has lost records; delivering everything in the journal again', { sink })
    }
    if (reason === 'replayed') this.#log.info('delivering records to the sink again', { sink })
    if (gap !== null) {
      const records = gap.to.offset - gap.from.offset
      this.#log.error('the journal no longer has records that this sink has not received', { sink, records })
    }
  }

  /**
   * Logs and reports the delivery's trouble, or its end. `cause`: the cause of the latest event, if it was a
   * failure. `waitUntilMs`: nothing is sent to the sink before this time.
   */
  trouble(trouble: DeliveryTrouble | null, cause: string | undefined, waitUntilMs: number): void {
    if (trouble === null || trouble.remedy !== undefined || !this.#deadline.aborted)
      this.#watch.note('delivery', trouble && this.#stateOf(trouble, cause, waitUntilMs))
    if (trouble === null) {
      this.#delivery.ok()
    } else if (trouble.remedy === undefined) {
      if (this.#deadline.aborted) return
      this.#delivery.bad(trouble.code, 'sink is not accepting records; retrying', { cause })
    } else {
      const { code, remedy } = trouble
      const message =
        code === pausedByOperator
          ? 'sink is paused by an operator'
          : 'sink is paused; it resumes by itself once the remedy is applied'
      this.#delivery.bad(code, message, { remedy, cause })
    }
  }

  #stateOf({ code, remedy }: DeliveryTrouble, cause: string | undefined, waitUntilMs: number) {
    const waitMs = waitUntilMs - this.#clock.nowMs()
    const state = waitMs > longestRetryMs ? ('waiting' as const) : ('retrying' as const)
    return {
      state: remedy === undefined ? state : ('paused' as const),
      code,
      cause,
      remedy,
      nextTryMs: waitMs > 0 ? waitUntilMs : undefined,
    }
  }

  /** Called once per batch, after the refused records have been quarantined. */
  quarantined({ refused, released }: Acknowledgement<StoredRecord>): void {
    const sink = this.#sink
    if (refused.length > 0) {
      const reasons = countReasons(refused.map(({ reason }) => reason))
      this.#log.warn('the sink refused records; they are in quarantine', {
        sink,
        code: 'records-refused',
        records: refused.length,
        reasons,
      })
    }
    if (released.length > 0) {
      const message = 'the records were not at fault; removed them from quarantine and sending them again'
      this.#log.info(message, { sink, records: released.length })
    }
  }

  startingOver(cause: string): void {
    const message = 'delivery failed for an unexpected reason; starting over'
    const code = 'delivery-failed'
    this.#delivery.bad(code, message, { cause })
    this.#watch.note('delivery', {
      state: 'retrying',
      code,
      cause,
      nextTryMs: this.#clock.nowMs() + journalRetryMs,
    })
  }

  journalFailed(cause: string): void {
    const code = 'journal-failed'
    this.#journal.bad(code, 'the journal failed; delivery is waiting', { cause })
    this.#watch.note('journal', {
      state: 'waiting',
      code,
      cause,
      nextTryMs: this.#clock.nowMs() + journalRetryMs,
    })
  }

  journalWorks(): void {
    this.#journal.ok()
    this.#watch.note('journal', null)
  }

  /** Notes that records were read for delivery. The age of the oldest shows whether delivery is behind. */
  read([oldest]: readonly StoredRecord[], nowMs: number): void {
    const isBehind = oldest !== undefined && oldest.acceptedAtMs < nowMs - this.#usualMs
    this.#watch.note('backlog', isBehind ? { state: 'catching-up' } : null)
  }

  marksFailed(cause: string): void {
    if (this.#deadline.aborted) return
    const message = 'cannot publish the mark; retrying'
    this.#marks.bad('mark-failed', message, { cause })
    this.#watch.note('marks', { state: 'retrying', code: 'mark-failed', cause })
  }

  marksPublished(): void {
    this.#marks.ok()
    this.#watch.note('marks', null)
  }

  /** While a connection is broken, every session may fail to close, but this is logged only once. */
  notClosed(cause: string): void {
    this.#closing.bad('close-failed', 'the sink did not close', { cause })
  }

  closed(): void {
    this.#closing.ok()
  }
}

/** A batch can have a reason for each record. */
const mostReasons = 5

/** Returns the most frequent reasons, without record content, and how many records each one has. */
function countReasons(reasons: readonly string[]): readonly { reason: string; records: number }[] {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([reason, records]) => ({ reason, records }))
    .sort((a, b) => b.records - a.records)
    .slice(0, mostReasons)
}
