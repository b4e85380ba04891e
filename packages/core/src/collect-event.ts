import type { PlannedWindow } from './plan-view.ts'

/** What happened to an org. */
export type CollectEvent = AskedEvent | PageEvent | LimitedEvent | RefusedEvent | FailedEvent

/** The initial request of this window is about to be sent. */
export interface AskedEvent extends PlannedWindow {
  readonly kind: 'asked'
}

/**
 * When the answer was asked for, came, and was written by the server's clock; for the events that an answer
 * brings.
 */
interface Answered {
  readonly server?:
    | { readonly dateMs: number; readonly sentAtMs: number; readonly answeredAtMs: number }
    | undefined
}

export interface PageEvent extends Answered {
  readonly kind: 'page'
  /** All items of the page, whatever they are. */
  readonly items: number
  /** How many of them the page before had too: the boundary second is repeated. */
  readonly repeated: number
  readonly next: {
    readonly query: string
    readonly resumeMs: number | null
    readonly totalCount: number | null
  } | null
}

/** 429. The push-back itself is in the budget. */
export interface LimitedEvent extends Answered {
  readonly kind: 'limited'
}

export interface RefusedEvent extends Answered {
  readonly kind: 'refused'
  /** `window`: the times were not accepted, so our idea of the server's clock may be wrong. */
  readonly reason: 'window' | 'other'
}

export interface FailedEvent extends Answered {
  readonly kind: 'failed'
  /**
   * - `size`: the window may have been too much for the server, or for us
   * - `unknown`: it may be the window, or the API
   * - `elsewhere`: it has nothing to do with the window, such as a token that ended
   */
  readonly blame: 'size' | 'unknown' | 'elsewhere'
  readonly retryAfterMs: number | null
}
