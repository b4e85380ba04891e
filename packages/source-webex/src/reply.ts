import type { ResponseHead } from './transport.ts'

/** What the wire gave for one request. `Body` is what has been made of its body so far. */
export type Reply<Body> = HttpReply<Body> | NoReply

/** Headers came. The body may be missing all the same: then `Body` says why. */
export interface HttpReply<Body> extends ResponseHead {
  readonly kind: 'answered'
  readonly body: Body
  /** When the headers arrived, in milliseconds by the engine's clock. */
  readonly answeredAtMs: number
}

/** No headers came. */
export interface NoReply {
  readonly kind: 'unanswered'
  readonly reason: 'unreachable' | 'timeout'
  /** The codes of the errors behind it. */
  readonly faultCodes: readonly string[]
  readonly detail: string
}
