import type { PlannedWindow } from './plan-view.ts'
import type { ServerTime } from './server-clock.ts'

/** What happened to an org. */
export type CollectEvent = AskedEvent | PageEvent | LimitedEvent | RefusedEvent | FailedEvent

/** The initial request of this window is about to be sent. */
export interface AskedEvent extends PlannedWindow {
  readonly kind: 'asked'
}

/** An event that an answer brings. */
interface Dated {
  /** Undefined: the answer has no Date header. */
  readonly server?: ServerTime | undefined
}

/** A page was read. */
export interface PageEvent extends Dated {
  readonly kind: 'page'
  /** All items of the page, whatever they are. */
  readonly items: number
  /** How many of them the page before had too: the boundary second is repeated. */
  readonly repeated: number
  readonly next: NextLink | null
}

/** What the Link header of a page said. */
export interface NextLink {
  /** The query of the next page's address, to be sent unchanged: host and path are ours. */
  readonly query: string
  /** `startTimeForNextFetch`, in milliseconds; null if absent or not a time. */
  readonly resumeMs: number | null
  /** `totalCount` of the whole window; null if absent or not a count. */
  readonly totalCount: number | null
}

/** 429. The push-back itself is in the budget. */
interface LimitedEvent extends Dated {
  readonly kind: 'limited'
}

/** The API refused a request for good. */
export interface RefusedEvent extends Dated {
  readonly kind: 'refused'
  /** `window`: the times were not accepted, so our idea of the server's clock may be wrong. */
  readonly reason: 'window' | 'other'
}

/** A request failed, or could not be sent. */
export interface FailedEvent extends Dated {
  readonly kind: 'failed'
  /**
   * - `size`: the window may have been too much for the server, or for us
   * - `unknown`: it may be the window, or the API
   * - `elsewhere`: it has nothing to do with the window, such as a token that ended
   */
  readonly blame: 'size' | 'unknown' | 'elsewhere'
  readonly retryAfterMs: number | null
}
