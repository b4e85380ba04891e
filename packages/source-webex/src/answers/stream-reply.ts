import type { Item } from '@cdrstream/core'
import type { BodyText } from '../decode-body.ts'
import type { BodyFault } from '../read-body.ts'
import type { RegionVerdict } from '../region/org-address.ts'
import type { HttpReply, Reply } from '../reply.ts'

/** A reply from `cdr_stream` whose body has been read. */
export type StreamReply<Read = Item> = Reply<StreamBody<Read>>
export type StreamHttpReply<Read = Item> = HttpReply<StreamBody<Read>>

export type StreamBody<Read = Item> =
  /** The page of a 200. */
  | {
      readonly kind: 'items'
      readonly items: readonly Read[]
      readonly hasErrors?: boolean
      release?(): void
    }
  /** Of any other status. */
  | BodyText
  | BodyFault

/** What determines the meaning of a reply besides the reply itself. */
export interface Circumstances {
  /** The TrackingID that was sent. */
  readonly sentTrackingId: string
  /** For a 401: why no other token can be used. Undefined if the next request has a new token. */
  readonly tokenRefused?: { readonly code: string; readonly remedy: string } | undefined
  /** For a 404: how many have arrived in a row, including this one. */
  readonly notFoundInARow?: number
  /** For a 451: where it points. */
  readonly region?: RegionVerdict
}
