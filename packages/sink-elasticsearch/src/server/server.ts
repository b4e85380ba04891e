import type { z } from 'zod'
import type { Privilege } from './privileges.ts'

export interface ServerRequest<Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  /** A buffer is sent as NDJSON; anything else is sent as JSON. */
  readonly body?: Buffer | object
  /** The schema of a response with status 2xx. Checked because the server may not be Elasticsearch. */
  readonly answer: z.ZodType<Body>
  /** The privilege that the request needs. The remedy names the privilege if the server refuses. */
  readonly needs?: Privilege
  /** Whether the request contains no record content, so that the server's reason can be shown. */
  readonly isQuotable?: boolean
  readonly signal: AbortSignal
}

export interface ExpectedStatuses {
  /** Status codes other than 2xx that are not an error. */
  readonly expected: readonly number[]
}

/** The server that the nodes belong to. */
export interface Server {
  /**
   * Returns the body of the response, or undefined if its status is one of `expected`. Throws a `SinkFault`,
   * a `RefusedRequest`, or an error without any request content.
   */
  ask<Body>(request: ServerRequest<Body> & ExpectedStatuses): Promise<Body | undefined>
  ask<Body>(request: ServerRequest<Body>): Promise<Body>
  close(): Promise<void>
}
