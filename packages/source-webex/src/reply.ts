import type { ResponseHead } from './transport.ts'

/** The reply to one request. `Body` is the body at some stage of processing. */
export type Reply<Body> = HttpReply<Body> | NoReply

/** The headers arrived. If the body is missing, `Body` contains the reason. */
export interface HttpReply<Body> extends ResponseHead {
  readonly kind: 'answered'
  readonly body: Body
  /** When the headers arrived, in milliseconds by the engine's clock. */
  readonly answeredAtMs: number
}

/** No headers arrived. */
export interface NoReply {
  readonly kind: 'unanswered'
  readonly reason: 'unreachable' | 'timeout'
  /** The codes of the underlying errors. */
  readonly faultCodes: readonly string[]
  readonly detail: string
}
