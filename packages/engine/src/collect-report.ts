import {
  BrokenInvariant,
  type Coverage,
  coverageEdgeSec,
  type IdentifiedItem,
  isPassed,
  type LearnedTerms,
  type OrgState,
  readableSpan,
  type Span,
  spansAtLevel,
  subtractSpan,
  type Terms,
} from '@cdrstream/core'
import type { Budget } from '@cdrstream/core/budget'
import type { Logger } from '@cdrstream/plugin'
import type { AcceptedPage } from './accept-page.ts'
import { trackingIds } from './answer-facts.ts'
import type { CollectOptions } from './collect-options.ts'
import { Condition } from './condition.ts'
import { countItems } from './count-items.ts'
import { describeFailure, describeRefusal } from './describe-answer.ts'
import {
  type Clock,
  type EngineActivity,
  type FailedAnswer,
  JournalFullError,
  type LimitedAnswer,
  type PageAnswer,
  type RefusedAnswer,
} from './ports/index.ts'
import { SubjectWatch } from './subject-watch.ts'
import { telemetry } from './telemetry.ts'

/** The parts of an org's state, most severe first. */
const parts = ['journal', 'api', 'limit', 'start', 'unserved', 'backlog'] as const

/**
 * Writes the logs and metrics of one org's collection, and reports its state. Conditions are logged when they
 * change.
 */
export class CollectReport {
  readonly #log: Logger
  readonly #org: string
  readonly #api: Condition
  readonly #journal: Condition
  readonly #credential: Condition
  readonly #unserved: Condition
  readonly #watch: SubjectWatch<(typeof parts)[number]>
  readonly #clock: Clock
  readonly #activity: EngineActivity | undefined
  #loggedGaps: readonly Span[] = []
  #loggedLearned: LearnedTerms | undefined

  constructor({ log, org: { name: org }, observer, activity, platform }: CollectOptions) {
    this.#activity = activity
    this.#log = log
    this.#org = org
    this.#clock = platform.clock
    this.#api = new Condition(log, { org })
    this.#journal = new Condition(log, { org, part: 'journal' })
    this.#credential = new Condition(log, { org, part: 'credential' })
    this.#unserved = new Condition(log, { org, part: 'coverage' })
    this.#watch = new SubjectWatch(observer, { subject: 'org', name: org }, platform.clock, parts)
    this.#watch.note('start', { state: 'waiting', code: 'starting', cause: 'nothing has been read yet' })
  }

  /** Called when collection starts. Gaps found by an earlier process were logged by that process. */
  started(state: OrgState, isFirst: boolean): void {
    this.#loggedGaps = gapsOf(state.progress.coverage)
    this.#log.info('collecting', { org: this.#org, first: isFirst })
  }

  journalFull(): void {
    this.#journal.bad('disk-full', 'disk is full; collection is paused')
    this.#watch.note('journal', {
      state: 'paused',
      code: 'disk-full',
      cause: "free space on the journal's disk is below journal.minFreeDisk",
      remedy: 'Free disk space, or move the journal to a larger disk.',
    })
  }

  /**
   * Called when collection restarts from the journal, because the journal failed or an invariant is broken.
   */
  failed(error: unknown): void {
    if (error instanceof JournalFullError) {
      this.journalFull()
      return
    }
    const cause = String(error)
    const isBug = error instanceof BrokenInvariant
    if (isBug) this.#journal.bad('broken-invariant', 'internal error; continuing from the journal', { cause })
    else this.#journal.bad('journal-failed', 'the journal failed; collection is waiting', { cause })
    this.#watch.note('journal', { state: isBug ? 'retrying' : 'waiting', code: this.#journal.code, cause })
  }

  /** Notes the time before which no step is due, in milliseconds; Infinity if unknown. */
  waitsUntil(ms: number): void {
    this.#watch.nextTry('api', ms)
    this.#watch.nextTry('journal', ms)
  }

  /** Notes whether seconds that have been readable for a long time are still unread. */
  backlog(isBehind: boolean): void {
    this.#watch.note('backlog', isBehind ? { state: 'catching-up' } : null)
  }

  budget({ foreignUse, limitedInARow, notBeforeMs }: Budget): void {
    telemetry.credentialShared.record(foreignUse === undefined ? 0 : 1, { org: this.#org })
    if (foreignUse === undefined) this.#credential.ok()
    else
      this.#credential.bad('credential-shared', 'another program uses this credential; slowing down', {
        limitedInARow,
      })
    if (notBeforeMs > this.#clock.nowMs())
      this.#watch.note('limit', {
        state: 'waiting',
        code: foreignUse === undefined ? 'rate-limited' : 'credential-shared',
        cause: `Webex answered 429 (${limitedInARow} in a row)`,
        remedy: foreignUse && stopTheOther,
        nextTryMs: notBeforeMs,
      })
  }

  /** Called after a page was committed to the journal. */
  committed(page: AcceptedPage, answer: PageAnswer<IdentifiedItem>): void {
    this.#api.ok()
    this.#journal.ok()
    for (const part of ['start', 'limit', 'api', 'journal'] as const) this.#watch.note(part, null)
    const org = this.#org
    countItems(org, page, answer)
    this.#activity?.pageCommitted({
      org,
      items: answer.items.length,
      records: page.records.length,
      quarantined: page.quarantined.length,
    })
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
    const isWindow = answer.reason === 'window'
    this.#watch.note('api', {
      state: isWindow ? 'retrying' : 'paused',
      code,
      cause: causeOf(answer),
      remedy: isWindow ? undefined : message,
    })
    this.#watch.note('limit', null)
  }

  requestFailed(answer: FailedAnswer): void {
    const { reason, status, detail, host } = answer
    const { code, message } = describeFailure(answer)
    this.#api.bad(code, message, { reason, status, detail, host, ...trackingIds(answer) })
    this.#watch.note('api', { state: 'retrying', code, cause: causeOf(answer), remedy: answer.remedy })
    this.#watch.note('limit', null)
  }

  /** The first request of a process uses the local clock, and its response shows the API's time. */
  clockDiffers(): void {
    this.#log.info(
      "the local clock differs from the API's clock; repeating the request with the API's time",
      {
        org: this.#org,
      },
    )
  }

  /** Reports the coverage after a response. */
  coverage(state: OrgState, terms: Terms, nowMs: number): void {
    const org = this.#org
    const { coverage, originSec } = state.progress
    const headSec = readableSpan(state, terms, nowMs).toSec
    const gapSec = lengthSec(gapsOf(coverage))
    this.#reportGaps(coverage)
    this.#reportUnserved(state)
    this.#reportLearned(state)
    telemetry.headBehind.record(Math.max(0, headSec - coverageEdgeSec(coverage, originSec)), { org })
    telemetry.gaps.record(gapSec, { org })
  }

  #reportGaps(coverage: Coverage): void {
    const gaps = gapsOf(coverage)
    const found = this.#loggedGaps.reduce(subtractSpan, gaps)
    if (found.length > 0) this.#activity?.gapFound(this.#org, found)
    for (const { fromSec, toSec } of found) {
      this.#log.error('records expired before they could be read', {
        org: this.#org,
        code: 'records-expired',
        from: isoTime(fromSec),
        to: isoTime(toSec),
        seconds: toSec - fromSec,
        gapSeconds: lengthSec(gaps),
        feedUntil: isoTime(fromSec + feedSec),
        remedy: stillAt,
      })
    }
    this.#loggedGaps = gaps
  }

  #reportUnserved({ progress }: OrgState): void {
    const passed = (progress.unserved ?? []).filter(isPassed)
    const [first] = passed
    if (first === undefined) {
      this.#unserved.ok()
      this.#watch.note('unserved', null)
      return
    }
    const from = isoTime(first.fromSec)
    const seconds = lengthSec(passed)
    const message = 'the API fails for part of the stream; skipping those seconds and retrying them later'
    this.#unserved.bad('seconds-unserved', message, { from, seconds })
    const cause = `the API fails for ${seconds} s of the stream, starting at ${from}; the rest is being read`
    this.#watch.note('unserved', { state: 'retrying', code: 'seconds-unserved', cause })
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

const stopTheOther =
  'Another program uses this credential: look for another collector, a script or a reporting tool that reads call detail records with it.'

/** Returns the cause as the API or the connection reported it. */
function causeOf({ status, detail }: RefusedAnswer | FailedAnswer): string {
  return status === null ? detail : `status ${status}: ${detail}`
}

/** How long a record stays available through the Webex feed, in seconds. */
const feedSec = 30 * 86_400
const stillAt =
  'Webex still has these records: the feed (GET cdr_feed) returns them until `feedUntil`, and the Detailed Call History report in Control Hub for longer.'

function gapsOf(coverage: Coverage): readonly Span[] {
  return spansAtLevel(coverage, 'gap')
}

function isoTime(sec: number): string {
  return new Date(sec * 1_000).toISOString()
}

function lengthSec(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)
}
