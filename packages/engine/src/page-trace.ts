import type { Item } from '@cdrstream/core'
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

export function tracer() {
  return trace.getTracer('cdrstream')
}

/**
 * Starts a trace that covers a page from sending its request until the journal has stored it. Undefined if
 * traces are not recorded.
 */
export function startPageTrace(org: string, kind: string): PageTrace | undefined {
  const attributes = { 'cdrstream.org': org, 'cdrstream.request.kind': kind }
  const page = tracer().startSpan('read page', { attributes }, ROOT_CONTEXT)
  return page.isRecording() ? new PageTrace(page) : undefined
}

/** The spans of one page. */
export class PageTrace {
  readonly #page: Span
  readonly #parent: Context
  /** The step in progress. */
  #step: Span
  #hasEnded = false

  constructor(page: Span) {
    this.#page = page
    this.#parent = trace.setSpan(ROOT_CONTEXT, page)
    this.#step = this.#start('request', SpanKind.CLIENT)
  }

  /** What the trace of a sink's write links to. */
  get context(): SpanContext {
    return this.#page.spanContext()
  }

  /** Wraps a function that reads items. Its first call shows that the page has arrived. */
  splits<Read>(read: (item: Item) => Read): (item: Item) => Read {
    let isFirst = true
    return (item) => {
      if (isFirst) this.#next('split')
      isFirst = false
      return read(item)
    }
  }

  /** Notes that the page is being compared with the journal and stored. */
  commits(items: number): void {
    this.#page.setAttribute('cdrstream.page.items', items)
    this.#next('commit')
  }

  /** Ends the trace. `outcome`: the request's outcome; anything but `page` is an error. */
  end(outcome: string, attributes: Attributes = {}): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#page.setAttributes({ ...attributes, 'cdrstream.request.outcome': outcome })
    if (outcome !== 'page') this.#fail(outcome)
    this.#step.end()
    this.#page.end()
  }

  #fail(message: string): void {
    for (const span of [this.#step, this.#page]) span.setStatus({ code: SpanStatusCode.ERROR, message })
  }

  #next(name: string): void {
    this.#step.end()
    this.#step = this.#start(name)
  }

  #start(name: string, kind = SpanKind.INTERNAL): Span {
    return tracer().startSpan(name, { kind }, this.#parent)
  }
}
