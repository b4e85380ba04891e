import type { Journal, PageCommit, Pruned } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import type { VirtualTime } from '@cdrstream-internal/virtual-time'
import type { MarkCheck } from '../oracle/check-marks.ts'
import type { JournalBook } from '../oracle/journal-book.ts'
import type { SituationBook } from '../situations.ts'
import type { JournalObserver } from './observed-journal.ts'
import type { OrgNames } from './org-names.ts'
import type { SinkPlace } from './sink-place.ts'

export interface ObserverParts {
  readonly book: JournalBook
  readonly names: OrgNames
  readonly places: ReadonlyMap<string, SinkPlace>
  readonly situations: SituationBook
  readonly time: VirtualTime
  readonly marks: ReadonlyMap<SinkPlace, MarkCheck>
}

/** Records for the oracle what the journal did. */
export class WorldObserver implements JournalObserver {
  /** When the origin of each org was made durable, by its first name. */
  readonly firstCommitMs = new Map<string, number>()
  /** When the first page of each org was committed, by its first name. */
  readonly firstPageMs = new Map<string, number>()
  readonly #parts: ObserverParts
  readonly #homes = new Set<string>()

  constructor(parts: ObserverParts) {
    this.#parts = parts
  }

  get book(): JournalBook {
    return this.#parts.book
  }

  get names(): OrgNames {
    return this.#parts.names
  }

  committed(page: PageCommit, end: Position): void {
    const { book, names, situations, time } = this.#parts
    const org = names.first(page.org)
    book.commit(org, page, end.offset, time.nowMs)
    if (!this.firstCommitMs.has(org)) this.firstCommitMs.set(org, time.nowMs)
    if (page.progress.originPresumed === undefined && !this.firstPageMs.has(org)) {
      this.firstPageMs.set(org, time.nowMs)
    }
    if (page.records.length > 0) situations.happened('records-shown-by-page')
    for (const { home } of page.records) this.#homes.add(home)
    if (this.#homes.size > 1) situations.happened('two-homes')
    for (const { level } of page.progress.coverage) {
      if (level === 'gap') situations.happened('gap-recorded')
      if (level === 'doubtful') situations.happened('window-doubtful')
    }
  }

  started(sink: string, { gap }: Parameters<Journal['startSink']>[2]): void {
    const { places, situations, marks, time } = this.#parts
    if (gap) situations.happened('sink-gap-recorded')
    for (const place of places.values()) {
      if (place.name !== sink || !place.awaitsRefill) continue
      place.awaitsRefill = false
      situations.happened('sink-filled-again')
      // The engine has detected the loss and corrected the marks, but has not redelivered anything yet.
      marks.get(place)?.checkStored(time.nowMs)
    }
  }

  pruned({ records, sinkGaps }: Pruned): void {
    const { situations } = this.#parts
    if (records > 0) situations.happened('journal-pruned')
    if (sinkGaps.length > 0) situations.happened('sink-gap-recorded')
  }
}
