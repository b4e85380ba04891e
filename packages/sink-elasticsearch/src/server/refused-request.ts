/**
 * An answer with an error status. `reason` is there only if the request held nothing of a record that it
 * could quote.
 */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest'
  readonly status: number
  /** Empty if the answer has none, as that of a proxy. */
  readonly type: string
  readonly reason: string | undefined

  constructor(status: number, { type, reason }: { readonly type: string; readonly reason?: string }) {
    super(`the server answered ${status} ${type}`.trimEnd() + (reason ? `: ${reason}` : ''))
    this.status = status
    this.type = type
    this.reason = reason
  }
}

/** Returns Elasticsearch's own reason as the end of a remedy; empty where it may quote a record. */
export function inItsOwnWords({ reason }: RefusedRequest): string {
  return reason ? `. Elasticsearch says: ${reason}` : ''
}
