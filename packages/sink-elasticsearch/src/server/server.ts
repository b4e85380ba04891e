import type { Privilege } from './privileges.ts'

export interface ServerRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean>>
  /** A buffer is sent as NDJSON, anything else as JSON. */
  readonly body?: Buffer | object
  /** What the user needs for it: named when the server refuses. */
  readonly needs?: Privilege
  /** Answers that are no error, beside 2xx. */
  readonly expected?: readonly number[]
  /** Whether the request holds nothing of a record, so that the reason for refusing it can be shown. */
  readonly isQuotable?: boolean
  readonly signal: AbortSignal
}

export interface ServerAnswer {
  readonly status: number
  readonly body: unknown
}

/** A connection to the nodes. */
export interface Server {
  /** Throws a `SinkFault`, a `RefusedRequest`, or a plain error without content of the request. */
  ask(request: ServerRequest): Promise<ServerAnswer>
  close(): Promise<void>
}
