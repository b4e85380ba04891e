/**
 * Sends one request. Resolves when the headers of the answer have arrived, without waiting for the body,
 * because the rate limit counts from that moment even if the body then fails. Rejects if no headers arrive.
 * Never follows a redirect, because the request contains a token.
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>

/** An HTTP request. */
export interface TransportRequest {
  /**
   * Must be sent unchanged. The query often comes from the server, and parsing and serializing it could alter
   * it.
   */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Default GET. */
  readonly method?: 'GET' | 'POST'
  /** For POST only. */
  readonly body?: string
  /** Aborts the exchange, including the body. */
  readonly signal: AbortSignal
}

/** The part of a response that arrives before its body. */
export interface ResponseHead {
  readonly status: number
  /** The reason phrase, or an empty string. */
  readonly statusText: string
  readonly headers: ResponseHeaders
}

/** The head of a response, and its body, which may still be arriving. */
export interface TransportResponse extends ResponseHead {
  /** The bytes of the body as they were sent, not decoded. Iterating throws if the body is cut off. */
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** By lower-case name. The value of a repeated header is a list. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>
