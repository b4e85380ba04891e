/** A response with an error status. It has a `reason` only if the request contained no record content. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest'
  readonly status: number
  /** Elasticsearch's error type. Empty if the response has none, for example from a proxy. */
  readonly type: string
  readonly reason: string | undefined

  constructor(status: number, { type, reason }: { readonly type: string; readonly reason?: string }) {
    super(`the server responded with ${status} ${type}`.trimEnd() + (reason ? `: ${reason}` : ''))
    this.status = status
    this.type = type
    this.reason = reason
  }
}

/**
 * Returns the server's reason as the end of a remedy, or an empty string if the reason may quote a record.
 */
export function serverReason({ reason }: RefusedRequest): string {
  return reason ? `. Elasticsearch reported: ${reason}` : ''
}
