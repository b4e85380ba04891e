import { type IdentifiedItem, isCatchingUp, type Progress, type ServerTime } from '@cdrstream/core'
import type { Position } from '@cdrstream/plugin'
import { type AcceptedPage, acceptPage } from './accept-page.ts'
import type { CollectOptions } from './collect-options.ts'
import type { CollectReport } from './collect-report.ts'
import type { CollectState } from './collect-state.ts'
import type { PageTrace } from './page-trace.ts'
import type { Patience } from './patience.ts'
import type { PageAnswer } from './ports/index.ts'

/**
 * Commits one org's pages to the journal. One page can be in progress while the next one is read ([decision
 * 14](../../../docs/decisions/0014-next-page-during-the-commit.md)).
 */
export class PagePipeline {
  readonly #options: CollectOptions
  readonly #state: CollectState
  readonly #report: CollectReport
  readonly #patience: Patience
  #commit: Promise<void> | undefined
  /** The fingerprints of the items of the last page, which the next page may repeat. */
  #fingerprints: readonly string[] = []

  constructor(options: CollectOptions, state: CollectState, report: CollectReport, patience: Patience) {
    this.#options = options
    this.#state = state
    this.#report = report
    this.#patience = patience
  }

  /** Whether a page is being committed. */
  get isCommitting(): boolean {
    return this.#commit !== undefined
  }

  /** Records that the next page repeats no items of the last one. */
  forget(): void {
    this.#fingerprints = []
  }

  /** Resolves when the previous page is in the journal; rejects if it cannot be stored. */
  async committed(): Promise<void> {
    const commit = this.#commit
    this.#commit = undefined
    await commit
  }

  /**
   * Resolves when no page is being committed, whether or not the commit succeeded. Also handles a commit that
   * fails before it is awaited.
   */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#commit])
  }

  /** Accepts the records of a page, applies it to the state, and starts committing it to the journal. */
  async accept(
    answer: PageAnswer<IdentifiedItem>,
    slot: string,
    server: ServerTime | undefined,
    trace?: PageTrace,
  ): Promise<void> {
    trace?.commits(answer.items.length)
    const { journal, org, lane, time, terms, platform, observer } = this.#options
    const page = await lane.keepSlot(slot, answer, () =>
      acceptPage(answer.items, this.#fingerprints, org, journal, time.nowMs()),
    )
    this.#state.apply({
      kind: 'page',
      items: answer.items.length,
      repeated: page.repeated,
      next: answer.next,
      server,
    })
    if (observer !== undefined)
      this.#report.backlog(isCatchingUp(this.#state.current, terms, platform.clock.nowMs()))
    this.#fingerprints = page.fingerprints
    this.#commit = this.#commitPage(page, answer, slot, this.#state.current.progress, trace)
  }

  async #commitPage(
    page: AcceptedPage,
    answer: PageAnswer<IdentifiedItem>,
    slot: string,
    progress: Progress,
    trace: PageTrace | undefined,
  ): Promise<void> {
    const { journal, org, lane, committed, marks, pages } = this.#options
    const store = () =>
      journal.commit({
        org: org.name,
        scope: org.scope,
        progress,
        records: page.records,
        quarantined: page.quarantined,
        budget: { credential: lane.credential, change: lane.answered(slot, answer) },
      })
    let end: Position
    try {
      end = await lane.keepSlot(slot, answer, store).finally(() => answer.release?.())
    } catch (cause) {
      trace?.end('not-stored')
      throw cause
    }
    if (trace !== undefined) {
      const fromOffset = end.offset - page.records.length
      pages?.note({ fromOffset, toOffset: end.offset, context: trace.context })
      trace.end('page', { 'cdrstream.page.records': page.records.length })
    }
    this.#state.committed(progress)
    this.#patience.noteProgress()
    marks.post(org.name, progress, end.offset)
    this.#report.committed(page, answer)
    lane.notify()
    committed.notify()
  }
}
