import type { z } from 'zod'
import type { Privilege } from './privileges.ts'

export interface ServerRequest<Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  /** A buffer is sent as NDJSON, anything else as JSON. */
  readonly body?: Buffer | object
  /** What an answer with status 2xx looks like: the server may be another one than it claims to be. */
  readonly answer: z.ZodType<Body>
  /** What the user needs for it: named when the server refuses. */
  readonly needs?: Privilege
  /** Whether the request holds nothing of a record, so that the reason for refusing it can be shown. */
  readonly isQuotable?: boolean
  readonly signal: AbortSignal
}

export interface Expecting {
  /** Status codes of Elasticsearch that are no error, beside 2xx. */
  readonly expected: readonly number[]
}

/** A connection to the nodes. */
export interface Server {
  /**
   * Returns the body of the answer; undefined if its status is one of `expected`. Throws a `SinkFault`, a
   * `RefusedRequest`, or a plain error without content of the request.
   */
  ask<Body>(request: ServerRequest<Body> & Expecting): Promise<Body | undefined>
  ask<Body>(request: ServerRequest<Body>): Promise<Body>
  close(): Promise<void>
}
