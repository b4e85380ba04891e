import type { Answered, Item, NextLink, Span } from '@cdrstream/core'

/** Where records come from. Outcomes are values: an exception is a bug. */
export interface Source {
  /**
   * Gets what the next request needs, such as an access token. Called before each request, and before any of
   * the budget is spent on it. It may take as long as a request does: no other org waits for it.
   */
  prepare(signal: AbortSignal): Promise<Prepared>
}

/** A request that can be sent, or why none can be. */
export type Prepared = ReadyRequest | RefusedAnswer | FailedAnswer

/** A request that can be sent. */
export interface ReadyRequest {
  readonly kind: 'ready'
  /**
   * Sends the request, once. `read` is called for each item of the page in order, as the page is worked
   * through, and what it returns are the items of the answer: nobody has to hold the parsed values of a whole
   * page.
   *
   * Many requests are under way at once; `body` bounds the memory that their bodies take. The source asks it
   * for each part.
   */
  send<Read>(
    request: SourceRequest,
    read: (item: Item) => Read,
    signal: AbortSignal,
    body?: BodyPermit,
  ): Promise<Answer<Read>>
}

/**
 * The memory that the body of one answer may take. The engine takes it back when the page is in the journal.
 */
export interface BodyPermit {
  /** Resolves when this many more bytes of the body, as it comes, may be held. */
  hold(bytes: number): Promise<void>
  /** Resolves when the body may be decoded: only a few at once are. */
  decode(): Promise<void>
}

/** What to ask the API: the first page of a window, or a further one. */
export type SourceRequest =
  | {
      readonly kind: 'initial'
      readonly window: Span
      /** The most records of a page. */
      readonly max: number
    }
  /** `link` is the `query` of the answer before. */
  | { readonly kind: 'page'; readonly link: string }

/** What the reply to a request means, or that there was none. */
export type Answer<Read = Item> = PageAnswer<Read> | LimitedAnswer | RefusedAnswer | FailedAnswer

/** What Cisco's support and the clocks need of an answer. */
interface Traceable extends Answered {
  /** The server's Date header, in milliseconds (its grain is a second); null where there is none. */
  readonly serverDateMs: number | null
  /** What the operator gives to Cisco's support: the server's, or ours where it gave none. */
  readonly trackingId: string | null
  /** The one that we sent. */
  readonly sentTrackingId?: string
}

/** What the operator is told of an answer that is no page. */
interface Told {
  /** What is wrong, more exactly than `reason`; stable, for machines. */
  readonly code?: string
  /** What a person has to know or do. Default: what the engine knows for the reason. */
  readonly remedy?: string
  /** Where the org lives, as a 451 says. */
  readonly host?: string
}

/** The answer was understood. */
export interface PageAnswer<Read = Item> extends Traceable {
  readonly kind: 'page'
  readonly items: readonly Read[]
  /** Null: the window is complete. */
  readonly next: NextLink | null
  /** Gives the memory of the page back, when nobody will look at the bytes of its items any more. */
  release?(): void
}

/** 429. */
export interface LimitedAnswer extends Traceable {
  readonly kind: 'limited'
  readonly retryAfterMs: number | null
}

/** The API understood, and will not: asking the same again changes nothing. */
export interface RefusedAnswer extends Traceable, Told {
  readonly kind: 'refused'
  /** Null: refused before anything was sent. */
  readonly status: number | null
  /**
   * - `token`: 401, the access token is not, or no longer, valid and cannot be renewed; or no token was given
   *   to us
   * - `permission`: 403, scope, administrator role or app authorization is missing
   * - `region`: 451, the org lives elsewhere, and is not followed there; `host` says where, if the body did
   * - `window`: 400, the times or another parameter are not accepted
   * - `other`: any other refusal, a 404 that stays and is not the known empty answer among them
   */
  readonly reason: 'token' | 'permission' | 'region' | 'window' | 'other'
  /** The API's own words, cut short; never a secret or a record. */
  readonly detail: string
}

/** Nobody knows whether the same request would succeed a moment later. */
export interface FailedAnswer extends Traceable, Told {
  readonly kind: 'failed'
  readonly status: number | null
  /**
   * - `unreachable`: no connection, or it was cut before the headers
   * - `timeout`: no headers, or no end of the body, in time
   * - `unavailable`: 5xx, 423, 428, 409 and the like; a 404 that is not trusted yet
   * - `malformed`: the body is cut, is not JSON, or has no list of items; a Link header that is not
   *   understood
   * - `too-large`: more bytes, items or keys than a page may have
   * - `token`: 401, and the next request has another token
   * - `region`: 451, and the next request goes to where the org lives
   * - `sign-in`: no token could be had; nothing was sent
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
