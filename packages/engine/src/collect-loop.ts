import {
  type AskStep,
  applyEvent,
  type Budget,
  type CollectEvent,
  coverageEdgeSec,
  type FollowStep,
  firstProgress,
  type Identity,
  isCaughtUp,
  isPassed,
  type LearnedTerms,
  nextStep,
  type OrgState,
  orgState,
  type Progress,
  readableSpan,
  settleOrigin,
  spansAtLevel,
  type WaitStep,
} from '@cdrstream/core'
import type { Logger } from '@cdrstream/plugin'
import { blameOf, leadsOn, type ServerTime, serverTime, tellsTime, trackingIds } from './answer-facts.ts'
import { askSource, prepareSource } from './ask-source.ts'
import type { BodyMemory, OpenBody } from './body-memory.ts'
import type { Broadcast } from './broadcast.ts'
import { Condition } from './condition.ts'
import type { CredentialLane } from './credential-lane.ts'
import { describeFailure, describeRefusal, outcomeName } from './describe-answer.ts'
import type { EngineOptions, OrgSetup } from './engine-options.ts'
import { identifyPage } from './identify-page.ts'
import type { JournalClock } from './journal-clock.ts'
import type { MarkBoard } from './mark-board.ts'
import {
  type Answer,
  type FailedAnswer,
  JournalFullError,
  type PageAnswer,
  type RefusedAnswer,
  type SourceRequest,
} from './ports/index.ts'
import type { StallWatch } from './stall-watch.ts'
import { type TakenPage, takePage } from './take-page.ts'
import { telemetry } from './telemetry.ts'

export interface CollectOptions
  extends Pick<EngineOptions, 'terms' | 'platform' | 'journal' | 'log' | 'mode'> {
  readonly org: OrgSetup
  readonly lane: CredentialLane
  /** How many orgs take turns with the lane. */
  readonly sharedBy: number
  readonly bodies: BodyMemory
  readonly committed: Broadcast
  readonly marks: MarkBoard
  readonly time: JournalClock
  readonly stall: StallWatch
}

/**
 * How collecting ended: `refused` and `failed` only with mode `once`; `failed`: there was no more progress.
 */
export type CollectEnd = 'stopped' | 'done' | 'refused' | 'failed'

const retryJournalMs = 5_000

/** Reads the pages of one org into the journal, until the signal is aborted. */
export async function collect(options: CollectOptions, signal: AbortSignal): Promise<CollectEnd> {
  try {
    return await new CollectLoop(options, signal).run()
  } finally {
    options.lane.leave(options.org.name)
  }
}

class CollectLoop {
  readonly #options: CollectOptions
  readonly #signal: AbortSignal
  readonly #log: Logger
  readonly #api: Condition
  readonly #journalCondition: Condition
  readonly #credential: Condition
  readonly #unserved: Condition
  /** With what is being committed. */
  #state: OrgState
  /** What the journal has, as far as we know. */
  #durable: Progress
  /** Of the page before: it may still be on its way into the journal while the next one is read. */
  #commit: Promise<void> | undefined
  #fingerprintsBefore: readonly string[] = []
  /**
   * With mode `once`: it ends when the head of this time was read. By our clock, until the server's time is
   * known.
   */
  #goalAtMs: number | undefined
  /** The last request led on, and the journal took what came of it. */
  #isServed = true
  #saidGapSec = 0
  #saidLearned: LearnedTerms | undefined
  #end: CollectEnd | undefined

  constructor(options: CollectOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
    this.#log = options.log
    this.#api = new Condition(options.log, { org: options.org.name })
    this.#journalCondition = new Condition(options.log, { org: options.org.name, part: 'journal' })
    this.#credential = new Condition(options.log, { org: options.org.name, part: 'credential' })
    this.#unserved = new Condition(options.log, { org: options.org.name, part: 'coverage' })
    const nowMs = options.platform.clock.nowMs()
    this.#durable = firstProgress(options.org.reachMs, options.terms, nowMs)
    this.#state = orgState(this.#durable, nowMs, options.sharedBy)
  }

  async run(): Promise<CollectEnd> {
    while (!(await this.#guard(() => this.#begin()))) if (this.#signal.aborted) return 'stopped'
    for (;;) {
      const end = this.#reachedEnd()
      if (end === undefined) await this.#guard(() => this.#turn())
      else if (await this.#guard(() => this.#committed())) return end
    }
  }

  async #begin(): Promise<void> {
    const { journal, org, mode, platform, sharedBy } = this.#options
    const nowMs = platform.clock.nowMs()
    const progress = await journal.progress(org.scope)
    if (progress === undefined) await this.#commitFirst()
    else {
      this.#durable = progress
      this.#state = orgState(progress, nowMs, sharedBy)
    }
    if (mode === 'once') this.#goalAtMs = nowMs
    this.#saidGapSec = lengthSec(spansAtLevel(this.#state.progress.coverage, 'gap'))
    this.#log.info('collecting', { org: org.name, first: progress === undefined })
  }

  /**
   * Where collecting began has to outlive a crash before the first page: a later start would reach back less
   * far.
   */
  async #commitFirst(): Promise<void> {
    const { journal, org, lane } = this.#options
    await journal.commit({
      org: org.name,
      scope: org.scope,
      progress: this.#state.progress,
      records: [],
      quarantined: [],
      budget: { credential: lane.credential, change: (budget) => budget },
    })
  }

  #reachedEnd(): CollectEnd | undefined {
    if (this.#end !== undefined) return this.#end
    if (this.#signal.aborted) return 'stopped'
    if (this.#goalAtMs === undefined) return undefined
    const { terms } = this.#options
    const goalSec = readableSpan(this.#state, terms, this.#goalAtMs).toSec
    // Whether a window is complete shows with its last page.
    const { reading } = this.#state
    if (reading !== null && reading.readToSec < goalSec) return undefined
    return isCaughtUp(this.#state, goalSec, terms, this.#nowMs()) ? 'done' : undefined
  }

  /**
   * Nothing that the journal answers may end the loop: it is tried again, from what the journal really holds.
   */
  async #guard(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (cause) {
      this.#isServed = false
      if (cause instanceof JournalFullError)
        this.#journalCondition.bad('disk-full', 'no room: collection pauses')
      else
        this.#journalCondition.bad('journal-failed', 'the journal failed: collection pauses', {
          cause: String(cause),
        })
      await this.#options.platform.clock.sleep(retryJournalMs, this.#signal)
      await this.#reload()
      return false
    }
  }

  /** A commit whose answer was lost may have been made. */
  async #reload(): Promise<void> {
    const { journal, org } = this.#options
    try {
      this.#durable = (await journal.progress(org.scope)) ?? this.#durable
    } catch {
      // Then what it had before: what was read since is read again.
    }
    const state = { ...this.#state, progress: this.#durable, reading: null, outage: null, chains: [] }
    this.#state = state.server.presumed ? state : settleOrigin(state, this.#options.terms, this.#nowMs())
  }

  async #turn(): Promise<void> {
    const { journal, lane, terms, platform, org } = this.#options
    if ((await journal.roomBytes()) <= 0) {
      this.#journalCondition.bad('disk-full', 'no room: collection pauses')
      await platform.clock.sleep(retryJournalMs, this.#signal)
      return
    }
    const budget = await lane.budget()
    this.#watchBudget(budget)
    const step = nextStep(this.#state, budget, terms, platform.clock.nowMs())
    // Only a further page may be asked for before the one that leads to it is in the journal.
    if (this.#commit !== undefined && step.kind !== 'follow') return this.#committed()
    switch (step.kind) {
      case 'wait':
        if (step.reason === 'budget') lane.want(org.name, 'initial')
        else if (step.reason === 'pages') lane.want(org.name, 'page')
        else lane.leave(org.name)
        return this.#wait(step)
      case 'ask':
      case 'follow': {
        const kind = step.kind === 'ask' ? 'initial' : 'page'
        lane.want(org.name, kind)
        const untilMs = Number.POSITIVE_INFINITY
        if (!lane.isTurnOf(org.name, kind)) return this.#wait({ kind: 'wait', untilMs, reason: 'budget' })
        return this.#requestPrepared(step)
      }
    }
  }

  async #requestPrepared(step: AskStep | FollowStep): Promise<void> {
    const { lane, org, bodies } = this.#options
    const unsent = await prepareSource(org.source, this.#signal)
    if (unsent === undefined) {
      const body = bodies.open()
      try {
        return await this.#request(step, body)
      } finally {
        // Also the handler of a commit that fails before somebody waits for it.
        void Promise.allSettled([this.#commit]).then(() => body.close())
      }
    }
    lane.leave(org.name)
    if (unsent.kind === 'refused') this.#refused(unsent)
    else this.#failed(unsent)
  }

  async #wait(step: WaitStep): Promise<void> {
    const { platform, lane, terms, stall } = this.#options
    // Behind a request that led nowhere, the wait for the rate limit is no reason to have more patience.
    const isLimit = step.reason === 'budget' || step.reason === 'pages'
    if (isLimit && this.#isServed && Number.isFinite(step.untilMs)) stall.waitsUntil(step.untilMs)
    const change = lane.next()
    // Another process may hold the credential: look again after a while.
    const ms = Math.min(step.untilMs - platform.clock.nowMs(), terms.initialRequests.perMs)
    await platform.clock.sleep(Math.max(1, Math.ceil(ms)), AbortSignal.any([this.#signal, change.signal]))
    change.dispose()
  }

  async #request(step: AskStep | FollowStep, body: OpenBody): Promise<void> {
    const { lane, org, terms, platform } = this.#options
    const slot = await lane.reserve(org.name, step.kind === 'ask' ? 'initial' : 'page')
    if (slot === undefined) return
    if (step.kind === 'ask') {
      // A window that goes on where the one before was cut begins with the second that both share.
      if (this.#state.reading?.readToSec !== step.window.fromSec) this.#fingerprintsBefore = []
      this.#apply({ ...step, kind: 'asked' })
    }
    const request: SourceRequest =
      step.kind === 'ask'
        ? { kind: 'initial', window: step.window, max: terms.pageSize }
        : { kind: 'page', link: step.link }
    const sentAtMs = platform.clock.nowMs()
    const read = identifyPage(platform.digest)
    const answer = await askSource(org.source, request, read, this.#signal, body)
    telemetry.requests.add(1, { org: org.name, kind: request.kind, outcome: outcomeName(answer) })
    try {
      await this.#take(answer, slot, sentAtMs)
    } catch (cause) {
      // The journal failed before the page could go into it: the page is asked for again.
      if (answer.kind === 'page') answer.release?.()
      throw cause
    }
    this.#report()
  }

  async #take(answer: Answer<Identity>, slot: string, sentAtMs: number): Promise<void> {
    const server = serverTime(answer, sentAtMs)
    if (server !== undefined && tellsTime(answer)) this.#options.time.learn(server)
    await this.#slotKept(slot, answer, () => this.#committed())
    if (answer.kind === 'page') return this.#takePage(answer, slot, server)
    this.#isServed = leadsOn(answer, this.#state.failures)
    await this.#options.lane.settle(slot, answer)
    switch (answer.kind) {
      case 'limited':
        this.#log.debug('limited', {
          org: this.#options.org.name,
          retryAfterMs: answer.retryAfterMs,
          ...trackingIds(answer),
        })
        return this.#apply({ kind: 'limited', server })
      case 'refused':
        return this.#refused(answer, server)
      case 'failed':
        return this.#failed(answer, server)
    }
  }

  /** When the journal fails at this, it could not take the answer: the slot has to count all the same. */
  async #slotKept<Result>(
    slot: string,
    answer: Answer<Identity>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work()
    } catch (cause) {
      this.#options.lane.settleLater(slot, answer)
      throw cause
    }
  }

  async #takePage(answer: PageAnswer<Identity>, slot: string, server: ServerTime | undefined): Promise<void> {
    const { journal, org } = this.#options
    const page = await this.#slotKept(slot, answer, () =>
      takePage(answer.items, this.#fingerprintsBefore, org, journal, this.#options.time.nowMs()),
    )
    this.#apply({
      kind: 'page',
      items: answer.items.length,
      repeated: page.repeated,
      next: answer.next,
      server,
    })
    this.#fingerprintsBefore = page.fingerprints
    this.#commit = this.#commitPage(page, answer, slot, this.#state.progress)
  }

  /** Ends when the page before is in the journal; throws if it cannot be. */
  async #committed(): Promise<void> {
    const commit = this.#commit
    this.#commit = undefined
    await commit
  }

  async #commitPage(
    page: TakenPage,
    answer: PageAnswer<Identity>,
    slot: string,
    progress: Progress,
  ): Promise<void> {
    const { journal, org, lane, committed, marks } = this.#options
    const end = await this.#slotKept(slot, answer, () =>
      journal.commit({
        org: org.name,
        scope: org.scope,
        progress,
        records: page.records,
        quarantined: page.quarantined,
        budget: { credential: lane.credential, change: lane.answered(slot, answer) },
      }),
    ).finally(() => answer.release?.())
    this.#durable = progress
    this.#isServed = true
    this.#options.stall.movedOn()
    marks.post(org.name, progress, end.offset)
    this.#api.ok()
    this.#journalCondition.ok()
    lane.notify()
    committed.notify()
    this.#reportPage(page, answer)
  }

  #reportPage(page: TakenPage, answer: PageAnswer<Identity>): void {
    const { org } = this.#options
    telemetry.itemsRead.add(answer.items.length, { org: org.name })
    telemetry.recordsAccepted.add(page.records.length, { org: org.name })
    telemetry.itemsQuarantined.add(page.quarantined.length, { org: org.name })
    this.#log.debug('page', {
      org: org.name,
      items: answer.items.length,
      new: page.records.length,
      quarantined: page.quarantined.length,
      last: answer.next === null,
      ...trackingIds(answer),
    })
  }

  #nowMs(): number {
    return this.#options.platform.clock.nowMs()
  }

  #apply(event: CollectEvent): void {
    this.#state = applyEvent(this.#state, event, this.#options.terms, this.#nowMs())
  }

  #refused(answer: RefusedAnswer, server?: ServerTime): void {
    const wasPresumed = this.#state.server.presumed === true
    this.#apply({ kind: 'refused', reason: answer.reason === 'window' ? 'window' : 'other', server })
    const { reason, status, detail, host } = answer
    if (reason === 'window' && wasPresumed && !this.#state.server.presumed) {
      // The first request of a process goes by the local clock, and its answer says what the server's time
      // is.
      this.#log.info('the local clock differs from that of the API; asking again by the time of the API', {
        org: this.#options.org.name,
      })
      return
    }
    const { code, message } = describeRefusal(answer)
    this.#api.bad(code, message, { status, detail, host, ...trackingIds(answer) })
    if (this.#options.mode === 'once' && reason !== 'window') this.#end = 'refused'
  }

  #failed(answer: FailedAnswer, server?: ServerTime): void {
    if (this.#signal.aborted) return
    const { reason, status, detail, host, retryAfterMs } = answer
    this.#apply({ kind: 'failed', blame: blameOf(answer), retryAfterMs, server })
    const { code, message } = describeFailure(answer)
    this.#api.bad(code, message, { reason, status, detail, host, ...trackingIds(answer) })
  }

  #watchBudget({ foreignUse, limitedInARow }: Budget): void {
    const { org } = this.#options
    telemetry.credentialShared.record(foreignUse === undefined ? 0 : 1, { org: org.name })
    if (foreignUse === undefined) this.#credential.ok()
    else
      this.#credential.bad('credential-shared', 'someone else uses this credential too: slowing down', {
        limitedInARow,
      })
  }

  #report(): void {
    const { org, terms } = this.#options
    const { coverage, originSec } = this.#state.progress
    const headSec = readableSpan(this.#state, terms, this.#nowMs()).toSec
    const gapSec = lengthSec(spansAtLevel(coverage, 'gap'))
    if (gapSec > this.#saidGapSec) {
      this.#log.error('records expired before they could be read', { org: org.name, gapSeconds: gapSec })
      this.#saidGapSec = gapSec
    }
    this.#reportUnserved()
    this.#reportLearned()
    const labels = { org: org.name }
    telemetry.behindHeadSeconds.record(Math.max(0, headSec - coverageEdgeSec(coverage, originSec)), labels)
    telemetry.gapSeconds.record(gapSec, labels)
  }

  #reportUnserved(): void {
    const passed = (this.#state.progress.unserved ?? []).filter(isPassed)
    const [first] = passed
    if (first === undefined) this.#unserved.ok()
    else
      this.#unserved.bad(
        'seconds-unserved',
        'the API cannot serve some seconds; skipping them, trying again',
        {
          from: new Date(first.fromSec * 1_000).toISOString(),
          seconds: lengthSec(passed),
        },
      )
  }

  #reportLearned(): void {
    const { learned } = this.#state.progress
    const said = this.#saidLearned
    this.#saidLearned = learned
    if (learned === undefined) return
    const { retentionMs, maxWindowMs } = learned
    if (said?.retentionMs === retentionMs && said.maxWindowMs === maxWindowMs) return
    this.#log.warn('the API accepts less than the configured terms; adapting to it', {
      org: this.#options.org.name,
      code: 'terms-tighter',
      retentionMs,
      maxWindowMs,
    })
  }
}

function lengthSec(spans: readonly { readonly fromSec: number; readonly toSec: number }[]): number {
  return spans.reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)
}
