/**
 * Sends one request. Resolves when the headers of the answer have arrived, and not with its body: the rate
 * limit counts from that moment, also if the body then fails. Rejects when none arrive. Never follows a
 * redirect, since the request carries a token.
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

/** An HTTP request. */
export interface TransportRequest {
  /**
   * To be sent as it is: the query is often the server's own, and parsing and printing it again could change
   * it.
   */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Default GET. */
  readonly method?: 'GET' | 'POST'
  /** Of a POST. */
  readonly body?: string
  /** Ends the exchange, the body included. */
  readonly signal: AbortSignal
}

/** What comes before the body of a response. */
export interface ResponseHead {
  readonly status: number
  /** The reason phrase; empty where there is none. */
  readonly statusText: string
  readonly headers: ResponseHeaders
}

/** The head of a response, and its body, which may still be on its way. */
export interface TransportResponse extends ResponseHead {
  /** The bytes of the body as they were on the wire, not decoded. Iterating throws where the body is cut. */
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** By lower-cased name; a repeated header is a list. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>
