/**
 * An answer with an error status. Its `type` is Elasticsearch's own name of the error. The rest of the answer
 * is left out, because it may quote records.
 */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest'
  readonly status: number
  /** Empty if the answer has none, as that of a proxy. */
  readonly type: string

  constructor(status: number, type: string) {
    super(`the server answered ${status} ${type}`.trimEnd())
    this.status = status
    this.type = type
  }
}
