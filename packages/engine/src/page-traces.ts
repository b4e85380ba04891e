import type { SpanContext } from '@opentelemetry/api'

interface TracedPage {
  readonly fromOffset: number
  /** The offset of the page's last record. */
  readonly toOffset: number
  readonly context: SpanContext
}

/** If a sink is further behind, its batches have no links. */
const mostPages = 1_000
/** A batch during catch-up can contain records from many pages. */
const mostLinks = 32

/** Remembers which pages the latest records came from, to link traces. */
export class PageTraces {
  #pages: readonly TracedPage[] = []

  /** Notes that the records after `fromOffset`, up to and including `toOffset`, came from this page. */
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
