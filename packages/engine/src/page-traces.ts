import type { SpanContext } from '@opentelemetry/api'

interface TracedPage {
  readonly fromOffset: number
  /** The offset of its last record. */
  readonly toOffset: number
  readonly context: SpanContext
}

/** A sink that is further behind gets batches without links. */
const mostPages = 1_000
/** A batch after a catch-up can have records of very many pages. */
const mostLinks = 32

/** Knows which page the latest records came with, for the links between traces. */
export class PageTraces {
  #pages: readonly TracedPage[] = []

  /** Notes that the records after `fromOffset`, up to and including `toOffset`, came with this page. */
  note(page: TracedPage): void {
    if (page.toOffset > page.fromOffset) this.#pages = [...this.#pages.slice(1 - mostPages), page]
  }

  /** Returns the pages of the records after `fromOffset`, up to and including `toOffset`. */
  of(fromOffset: number, toOffset: number): readonly SpanContext[] {
    return this.#pages
      .filter((page) => page.fromOffset < toOffset && page.toOffset > fromOffset)
      .slice(0, mostLinks)
      .map(({ context }) => context)
  }
}
