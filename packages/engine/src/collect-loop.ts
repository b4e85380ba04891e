import {
  type AskStep,
  type FollowStep,
  type IdentifiedItem,
  isCaughtUp,
  nextStep,
  readableSpan,
  type ServerTime,
  type WaitStep,
} from '@cdrstream/core'
import { blameOf, isFromApi, isProgress, serverTime } from './answer-facts.ts'
import type { OpenBody } from './body-memory.ts'
import type { CollectEnd, CollectOptions } from './collect-options.ts'
import { CollectReport } from './collect-report.ts'
import { CollectState } from './collect-state.ts'
import { outcomeName } from './describe-answer.ts'
import { identifyPage } from './identify-page.ts'
import { LoopPulse } from './loop-pulse.ts'
import { PagePipeline } from './page-pipeline.ts'
import { type PageTrace, startPageTrace } from './page-trace.ts'
import { Patience } from './patience.ts'
import type { Answer, FailedAnswer, ReadyRequest, RefusedAnswer, SourceRequest } from './ports/index.ts'
import { prepareRequest } from './prepare-request.ts'
import { telemetry } from './telemetry.ts'

const retryJournalMs = 5_000
/** A request takes at most a few minutes; its body can wait for the pages of other orgs. */
const longestTurnMs = 900_000

/** Reads the pages of one org into the journal until the signal is aborted. Returns how it ended. */
export async function collect(options: CollectOptions, signal: AbortSignal): Promise<CollectEnd> {
  try {
    return await new CollectLoop(options, signal).run()
  } finally {
    options.lane.leave(options.org.name)
    options.activity?.loopEnded({ subject: 'org', name: options.org.name })
  }
}

/** Performs the step that `nextStep` decides, and reports the result to the state. */
class CollectLoop {
  readonly #options: CollectOptions
  readonly #signal: AbortSignal
  readonly #report: CollectReport
  readonly #state: CollectState
  readonly #patience: Patience
  readonly #pages: PagePipeline
  readonly #pulse: LoopPulse
  /**
   * With mode `once`, the loop ends when everything up to the head at this time has been read. By our clock
   * until the server's time is known.
   */
  #goalAtMs: number | undefined
  #end: CollectEnd | undefined

  constructor(options: CollectOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
    this.#report = new CollectReport(options)
    this.#state = new CollectState(options)
    this.#patience = new Patience(options.stall)
    this.#pages = new PagePipeline(options, this.#state, this.#report, this.#patience)
    this.#pulse = new LoopPulse(options, { subject: 'org', name: options.org.name }, longestTurnMs)
  }

  async run(): Promise<CollectEnd> {
    while (!(await this.#guard(() => this.#start()))) if (this.#signal.aborted) return 'stopped'
    for (;;) {
      const end = this.#reachedEnd()
      if (end === undefined) await this.#guard(() => this.#turn())
      else if (await this.#guard(() => this.#pages.committed())) return end
    }
  }

  async #start(): Promise<void> {
    const nowMs = this.#nowMs()
    const isFirst = await this.#state.start()
    if (this.#options.mode === 'once') this.#goalAtMs = nowMs
    this.#report.started(this.#state.current, isFirst)
  }

  #reachedEnd(): CollectEnd | undefined {
    if (this.#end !== undefined) return this.#end
    if (this.#signal.aborted) return 'stopped'
    if (this.#goalAtMs === undefined) return undefined
    const { terms } = this.#options
    const state = this.#state.current
    const goalSec = readableSpan(state, terms, this.#goalAtMs).toSec
    // Only the last page shows whether a window is complete.
    if (state.reading !== null && state.reading.readToSec < goalSec) return undefined
    return isCaughtUp(state, goalSec, terms, this.#nowMs()) ? 'done' : undefined
  }

  /**
   * Runs the work and returns whether it succeeded. A journal failure must not end the loop: it continues
   * from what the journal actually holds.
   */
  async #guard(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (cause) {
      this.#patience.answered(false)
      this.#report.failed(cause)
      this.#report.waitsUntil(this.#nowMs() + retryJournalMs)
      this.#pulse.waits(retryJournalMs)
      await this.#options.platform.clock.sleep(retryJournalMs, this.#signal)
      await this.#state.reload()
      return false
    }
  }

  async #turn(): Promise<void> {
    const { journal, lane, terms, platform, org } = this.#options
    this.#pulse.steps()
    if ((await journal.roomBytes()) <= 0) {
      this.#report.journalFull()
      await platform.clock.sleep(retryJournalMs, this.#signal)
      return
    }
    const budget = await lane.budget()
    this.#report.budget(budget)
    this.#state.countOrgs()
    const step = nextStep(this.#state.current, budget, terms, this.#nowMs())
    // Only a further page can be requested before the page that leads to it is in the journal.
    if (this.#pages.isCommitting && step.kind !== 'follow') return this.#pages.committed()
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

  async #wait(step: WaitStep): Promise<void> {
    const { platform, lane, terms } = this.#options
    if (step.reason === 'budget' || step.reason === 'pages') this.#patience.waitsUntil(step.untilMs)
    this.#report.waitsUntil(step.untilMs)
    const change = lane.next()
    // Another process may use the credential, so check again after a while.
    const ms = Math.min(step.untilMs - this.#nowMs(), terms.initialRequests.perMs)
    this.#pulse.waits(ms)
    await platform.clock.sleep(Math.max(1, Math.ceil(ms)), AbortSignal.any([this.#signal, change.signal]))
    change.dispose()
  }

  async #requestPrepared(step: AskStep | FollowStep): Promise<void> {
    const { lane, org, bodies } = this.#options
    const prepared = await prepareRequest(org.source, this.#signal)
    if (prepared.kind !== 'ready') {
      lane.leave(org.name)
      if (prepared.kind === 'refused') this.#refused(prepared)
      else this.#failed(prepared)
      return
    }
    const body = bodies.open()
    try {
      await this.#request(step, prepared, body)
    } finally {
      void this.#pages.idle().then(() => body.close())
    }
  }

  async #request(step: AskStep | FollowStep, ready: ReadyRequest, body: OpenBody): Promise<void> {
    const { lane, org, terms, platform } = this.#options
    const slot = await lane.reserve(org.name, step.kind === 'ask' ? 'initial' : 'page')
    if (slot === undefined) return
    if (step.kind === 'ask') {
      // A window that continues the previous one starts with the second that the two share.
      if (this.#state.current.reading?.readToSec !== step.window.fromSec) this.#pages.forget()
      this.#state.apply({ ...step, kind: 'asked' })
    }
    const request: SourceRequest =
      step.kind === 'ask'
        ? { kind: 'initial', window: step.window, max: terms.pageSize }
        : { kind: 'page', link: step.link }
    const sentAtMs = this.#nowMs()
    const trace = startPageTrace(org.name, request.kind)
    const read = identifyPage(platform.digest)
    const answer = await ready.send(request, trace?.splits(read) ?? read, this.#signal, body)
    telemetry.requests.add(1, { org: org.name, kind: request.kind, outcome: outcomeName(answer) })
    try {
      await this.#take(answer, slot, sentAtMs, trace)
    } catch (cause) {
      trace?.end('not-stored')
      // The journal failed before the page could be stored: the page will be requested again.
      if (answer.kind === 'page') answer.release?.()
      throw cause
    }
    this.#report.coverage(this.#state.current, terms, this.#nowMs())
  }

  async #take(
    answer: Answer<IdentifiedItem>,
    slot: string,
    sentAtMs: number,
    trace: PageTrace | undefined,
  ): Promise<void> {
    const { lane, time } = this.#options
    const server = serverTime(answer, sentAtMs)
    if (server !== undefined && isFromApi(answer)) time.learn(server)
    await lane.keepSlot(slot, answer, () => this.#pages.committed())
    if (answer.kind === 'page') return this.#pages.accept(answer, slot, server, trace)
    trace?.end(outcomeName(answer))
    this.#patience.answered(isProgress(answer, this.#state.current.failures))
    await lane.store(slot, answer)
    switch (answer.kind) {
      case 'limited':
        this.#report.limited(answer)
        return this.#state.apply({ kind: 'limited', server })
      case 'refused':
        return this.#refused(answer, server)
      case 'failed':
        return this.#failed(answer, server)
    }
  }

  #refused(answer: RefusedAnswer, server?: ServerTime): void {
    const isWindow = answer.reason === 'window'
    const wasPresumed = this.#state.current.server.presumed === true
    this.#state.apply({ kind: 'refused', reason: isWindow ? 'window' : 'other', server })
    if (isWindow && wasPresumed && !this.#state.current.server.presumed) {
      this.#report.clockDiffers()
      return
    }
    this.#report.requestRefused(answer)
    if (this.#options.mode === 'once' && !isWindow) this.#end = 'refused'
  }

  #failed(answer: FailedAnswer, server?: ServerTime): void {
    if (this.#signal.aborted) return
    const { retryAfterMs } = answer
    this.#state.apply({ kind: 'failed', blame: blameOf(answer), retryAfterMs, server })
    this.#report.requestFailed(answer)
  }

  #nowMs(): number {
    return this.#options.platform.clock.nowMs()
  }
}
