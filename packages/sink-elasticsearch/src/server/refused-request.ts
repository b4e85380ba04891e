/** An answer that is an error. Its `type` is Elasticsearch's own name of it; what the server says beside that may quote records. */
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
