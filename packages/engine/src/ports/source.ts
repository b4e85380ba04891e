import type { Item, NextLink, Span } from '@cdrstream/core'
import type { Answered } from '@cdrstream/core/budget'

/** The source of records. Outcomes are values: an exception is a bug. */
export interface Source {
  /**
   * Gets what the next request needs, such as an access token. Called before each request, and before any
   * budget is spent on it. It can take as long as a request, because no other org waits for it.
   */
  prepare(signal: AbortSignal): Promise<Prepared>
}

/** A request that can be sent, or the reason why none can be sent. */
export type Prepared = ReadyRequest | RefusedAnswer | FailedAnswer

/** A request that can be sent. */
export interface ReadyRequest {
  readonly kind: 'ready'
  /**
   * Sends the request once. `read` is called for each item of the page, in order, while the page is
   * processed, and its results are the items of the response, so that the parsed values of a whole page are
   * never held at once.
   *
   * Many requests are in flight at once; `body` limits the memory for their bodies, and the source asks it
   * for room for each part.
   */
  send<Read>(
    request: SourceRequest,
    read: (item: Item) => Read,
    signal: AbortSignal,
    body?: BodyPermit,
  ): Promise<Answer<Read>>
}

/** The memory for the body of one response. The engine releases it when the page is in the journal. */
export interface BodyPermit {
  /** Resolves when this many more bytes of the received body can be held. */
  hold(bytes: number): Promise<void>
  /** Resolves when the body can be decoded: only a few are decoded at once. */
  decode(): Promise<void>
}

/** The request to send: the first page of a window, or a further page. */
export type SourceRequest =
  | {
      readonly kind: 'initial'
      readonly window: Span
      /** The maximum number of records on a page. */
      readonly max: number
    }
  /** `link` is the `query` of the previous answer. */
  | { readonly kind: 'page'; readonly link: string }

/** The meaning of the response to a request, or of a missing response. */
export type Answer<Read = Item> = PageAnswer<Read> | LimitedAnswer | RefusedAnswer | FailedAnswer

/** What Cisco support and the clocks need from a response. */
interface Traceable extends Answered {
  /** The server's Date header, in milliseconds with a resolution of one second; null if there is none. */
  readonly serverDateMs: number | null
  /** The id to give to Cisco support: the server's, or ours if the server sent none. */
  readonly trackingId: string | null
  /** The tracking id that was sent. */
  readonly sentTrackingId?: string
}

/** Advice for the operator about a response that is not a page. */
interface OperatorAdvice {
  /** A stable code for programs, more specific than `reason`. */
  readonly code?: string
  /** What the operator has to know or do. Default: a message that depends on the reason. */
  readonly remedy?: string
  /** The host that serves the org, from a 451. */
  readonly host?: string
}

/** A valid page. */
export interface PageAnswer<Read = Item> extends Traceable {
  readonly kind: 'page'
  readonly items: readonly Read[]
  /** Null if the window is complete. */
  readonly next: NextLink | null
  /** Releases the memory of the page. Called when the bytes of its items will no longer be read. */
  release?(): void
}

/** The server answered 429. */
export interface LimitedAnswer extends Traceable {
  readonly kind: 'limited'
  readonly retryAfterMs: number | null
}

/** The API refused the request: repeating it changes nothing. */
export interface RefusedAnswer extends Traceable, OperatorAdvice {
  readonly kind: 'refused'
  /** Null if refused before anything was sent. */
  readonly status: number | null
  /**
   * - `token`: 401, the access token is invalid or expired and cannot be renewed, or no token was provided
   * - `permission`: 403, scope, administrator role or app authorization is missing
   * - `region`: 451, the org is in another region and is not followed there; `host` says where, if the body
   *   did
   * - `window`: 400, the times or another parameter are not accepted
   * - `other`: any other refusal, including a permanent 404 that is not the known empty answer
   */
  readonly reason: 'token' | 'permission' | 'region' | 'window' | 'other'
  /** The text from the API, truncated; never a secret or a record. */
  readonly detail: string
}

/** The request failed; the same request may succeed later. */
export interface FailedAnswer extends Traceable, OperatorAdvice {
  readonly kind: 'failed'
  readonly status: number | null
  /**
   * - `unreachable`: no connection, or it was closed before the headers
   * - `timeout`: the headers or the end of the body did not arrive in time
   * - `unavailable`: 5xx, 423, 428, 409 and the like; a 404 that is not trusted yet
   * - `malformed`: the body is truncated, is not JSON, or has no list of items; or the Link header is invalid
   * - `too-large`: more bytes, items or keys than a page can have
   * - `token`: 401, and the next request uses a different token
   * - `region`: 451, and the next request goes to the org's region
   * - `sign-in`: no token was available; nothing was sent
   */
  readonly reason:
    | 'unreachable'
    | 'timeout'
    | 'unavailable'
    | 'malformed'
    | 'too-large'
    | 'token'
    | 'region'
    | 'sign-in'
  readonly retryAfterMs: number | null
  readonly detail: string
}
