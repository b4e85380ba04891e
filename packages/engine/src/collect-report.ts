import {
  BrokenInvariant,
  coverageEdgeSec,
  type IdentifiedItem,
  isPassed,
  type LearnedTerms,
  type OrgState,
  readableSpan,
  type Span,
  spansAtLevel,
  type Terms,
} from '@cdrstream/core'
import type { Budget } from '@cdrstream/core/budget'
import type { Logger } from '@cdrstream/plugin'
import type { AcceptedPage } from './accept-page.ts'
import { trackingIds } from './answer-facts.ts'
import { Condition } from './condition.ts'
import { describeFailure, describeRefusal } from './describe-answer.ts'
import {
  type FailedAnswer,
  JournalFullError,
  type LimitedAnswer,
  type PageAnswer,
  type RefusedAnswer,
} from './ports/index.ts'
import { telemetry } from './telemetry.ts'

/** Writes the log and the metrics about collecting one org. Conditions are logged when they change. */
export class CollectReport {
  readonly #log: Logger
  readonly #org: string
  readonly #api: Condition
  readonly #journal: Condition
  readonly #credential: Condition
  readonly #unserved: Condition
  #loggedGapSec = 0
  #loggedLearned: LearnedTerms | undefined

  constructor(log: Logger, org: string) {
    this.#log = log
    this.#org = org
    this.#api = new Condition(log, { org })
    this.#journal = new Condition(log, { org, part: 'journal' })
    this.#credential = new Condition(log, { org, part: 'credential' })
    this.#unserved = new Condition(log, { org, part: 'coverage' })
  }

  /** Collecting starts. Gaps that an earlier process found were logged by that process. */
  started(state: OrgState, isFirst: boolean): void {
    this.#loggedGapSec = gapSecOf(state)
    this.#log.info('collecting', { org: this.#org, first: isFirst })
  }

  journalFull(): void {
    this.#journal.bad('disk-full', 'disk is full; collection is paused')
  }

  /** Collecting restarts from what the journal has, because the journal failed or an invariant is broken. */
  failed(cause: unknown): void {
    if (cause instanceof JournalFullError) this.journalFull()
    else if (cause instanceof BrokenInvariant)
      this.#journal.bad('broken-invariant', 'internal error; continuing from the journal', {
        cause: String(cause),
      })
    else
      this.#journal.bad('journal-failed', 'the journal failed; collection is paused', {
        cause: String(cause),
      })
  }

  budget({ foreignUse, limitedInARow }: Budget): void {
    telemetry.credentialShared.record(foreignUse === undefined ? 0 : 1, { org: this.#org })
    if (foreignUse === undefined) this.#credential.ok()
    else
      this.#credential.bad('credential-shared', 'another program uses this credential; slowing down', {
        limitedInARow,
      })
  }

  /** A page was committed to the journal. */
  committed(page: AcceptedPage, answer: PageAnswer<IdentifiedItem>): void {
    this.#api.ok()
    this.#journal.ok()
    const org = this.#org
    telemetry.itemsRead.add(answer.items.length, { org })
    telemetry.recordsAccepted.add(page.records.length, { org })
    telemetry.itemsQuarantined.add(page.quarantined.length, { org })
    this.#log.debug('page', {
      org,
      items: answer.items.length,
      new: page.records.length,
      quarantined: page.quarantined.length,
      last: answer.next === null,
      ...trackingIds(answer),
    })
  }

  limited(answer: LimitedAnswer): void {
    const { retryAfterMs } = answer
    this.#log.debug('limited', { org: this.#org, retryAfterMs, ...trackingIds(answer) })
  }

  requestRefused(answer: RefusedAnswer): void {
    const { status, detail, host } = answer
    const { code, message } = describeRefusal(answer)
    this.#api.bad(code, message, { status, detail, host, ...trackingIds(answer) })
  }

  requestFailed(answer: FailedAnswer): void {
    const { reason, status, detail, host } = answer
    const { code, message } = describeFailure(answer)
    this.#api.bad(code, message, { reason, status, detail, host, ...trackingIds(answer) })
  }

  /** The first request of a process uses the local clock, and its answer has shown the time of the API. */
  clockDiffers(): void {
    this.#log.info(
      'the local clock differs from that of the API; repeating the request with the time of the API',
      {
        org: this.#org,
      },
    )
  }

  /** Reports the coverage after an answer. */
  coverage(state: OrgState, terms: Terms, nowMs: number): void {
    const org = this.#org
    const { coverage, originSec } = state.progress
    const headSec = readableSpan(state, terms, nowMs).toSec
    const gapSec = gapSecOf(state)
    if (gapSec > this.#loggedGapSec) {
      this.#log.error('records expired before they could be read', { org, gapSeconds: gapSec })
      this.#loggedGapSec = gapSec
    }
    this.#reportUnserved(state)
    this.#reportLearned(state)
    telemetry.behindHeadSeconds.record(Math.max(0, headSec - coverageEdgeSec(coverage, originSec)), { org })
    telemetry.gapSeconds.record(gapSec, { org })
  }

  #reportUnserved({ progress }: OrgState): void {
    const passed = (progress.unserved ?? []).filter(isPassed)
    const [first] = passed
    if (first === undefined) this.#unserved.ok()
    else
      this.#unserved.bad(
        'seconds-unserved',
        'the API fails for part of the stream; skipping those seconds and retrying them later',
        { from: new Date(first.fromSec * 1_000).toISOString(), seconds: lengthSec(passed) },
      )
  }

  #reportLearned({ progress: { learned } }: OrgState): void {
    const logged = this.#loggedLearned
    this.#loggedLearned = learned
    if (learned === undefined) return
    const { retentionMs, maxWindowMs } = learned
    if (logged?.retentionMs === retentionMs && logged.maxWindowMs === maxWindowMs) return
    this.#log.warn('the API accepts less than the configured terms; adapting', {
      org: this.#org,
      code: 'terms-tighter',
      retentionMs,
      maxWindowMs,
    })
  }
}

function gapSecOf({ progress }: OrgState): number {
  return lengthSec(spansAtLevel(progress.coverage, 'gap'))
}

function lengthSec(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)
}
