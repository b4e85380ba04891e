import type { Item } from '@cdrstream/core'
import type { BodyText } from '../decode-body.ts'
import type { BodyFault } from '../read-body.ts'
import type { RegionVerdict } from '../region/org-address.ts'
import type { HttpReply, Reply } from '../reply.ts'

/** A reply of `cdr_stream` whose body has been read. */
export type StreamReply<Read = Item> = Reply<StreamBody<Read>>
export type StreamHttpReply<Read = Item> = HttpReply<StreamBody<Read>>

export type StreamBody<Read = Item> =
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

/** What this process knows beside a reply: all else that its meaning depends on. */
export interface Circumstances {
  /** The TrackingID that was sent. */
  readonly sentTrackingId: string
  /** Of a 401: why no other token will do; undefined: the next request has another one. */
  readonly tokenRefused?: { readonly code: string; readonly remedy: string } | undefined
  /** Of a 404: how many came in a row, with this one. */
  readonly notFoundInARow?: number
  /** Of a 451. */
  readonly region?: RegionVerdict
}
