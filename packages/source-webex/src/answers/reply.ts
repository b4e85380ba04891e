import type { Item } from '@cdrstream/engine'
import type { BodyText } from '../decode-body.ts'
import type { BodyFault } from '../read-body.ts'
import type { RegionVerdict } from '../region/org-address.ts'
import type { ResponseHeaders } from '../transport.ts'

/** What one request brought, and what is known besides: all that an answer is classified by. */
export type Reply<Read = Item> = HttpReply<Read> | NoReply

/** An HTTP answer whose body has been read. */
export interface HttpReply<Read = Item> {
  readonly kind: 'answered'
  readonly status: number
  readonly statusText: string
  readonly headers: ResponseHeaders
  readonly body: ReplyBody<Read>
  /** When the headers arrived, by the engine's clock. */
  readonly answeredAtMs: number
  /** The TrackingID that was sent. */
  readonly sentTrackingId: string
  /** Of a 401: why no other token will do; undefined: the next request has another one. */
  readonly tokenRefused?: { readonly code: string; readonly remedy: string } | undefined
  /** Of a 404 that is not the known empty answer: how many came in a row, with this one. */
  readonly notFoundInARow?: number
  /** Of a 451. */
  readonly region?: RegionVerdict
}

/** No headers came. */
export interface NoReply {
  readonly kind: 'unanswered'
  readonly reason: 'unreachable' | 'timeout'
  /** Of the errors behind it. */
  readonly faultCodes: readonly string[]
  readonly detail: string
  readonly sentTrackingId: string
}

export type ReplyBody<Read = Item> =
  /** Of a 200. */
  | {
      readonly kind: 'items'
      readonly items: readonly Read[]
      readonly hasErrors?: boolean
      release?(): void
    }
  /** Of any other status. */
  | BodyText
  | BodyFault
