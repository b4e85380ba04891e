import type { PlannedWindow } from './plan-view.ts'
import type { ServerTime } from './server-clock.ts'

/** An event in the collection of an org. */
export type CollectEvent = AskedEvent | PageEvent | LimitedEvent | RefusedEvent | FailedEvent

/** The initial request of this window is about to be sent. */
export interface AskedEvent extends PlannedWindow {
  readonly kind: 'asked'
}

/** An event caused by a response. */
interface Dated {
  /** Undefined if the response has no Date header. */
  readonly server?: ServerTime | undefined
}

/** A page was read. */
export interface PageEvent extends Dated {
  readonly kind: 'page'
  /** The number of items on the page, valid or not. */
  readonly items: number
  /** How many of the items were also on the previous page, because the boundary second is repeated. */
  readonly repeated: number
  readonly next: NextLink | null
}

/** The Link header of a page. */
export interface NextLink {
  /**
   * The query of the next page's URL, to be sent unchanged. Host and path come from the configuration.
   */
  readonly query: string
  /** `startTimeForNextFetch`, in milliseconds; null if missing or not a time. */
  readonly resumeMs: number | null
  /** `totalCount` of the whole window; null if missing or not a count. */
  readonly totalCount: number | null
}

/** The server answered 429. The push-back itself is part of the budget. */
interface LimitedEvent extends Dated {
  readonly kind: 'limited'
}

/** The API refused a request permanently. */
export interface RefusedEvent extends Dated {
  readonly kind: 'refused'
  /** `window`: the times were not accepted, so the assumed server time may be wrong. */
  readonly reason: 'window' | 'other'
}

/** A request failed or could not be sent. */
export interface FailedEvent extends Dated {
  readonly kind: 'failed'
  /**
   * - `size`: the window may have been too large for the server, or for us
   * - `unknown`: the cause may be the window or the API
   * - `elsewhere`: the cause is not the window, such as an expired token
   */
  readonly blame: 'size' | 'unknown' | 'elsewhere'
  readonly retryAfterMs: number | null
}
