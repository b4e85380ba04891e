/** A fault that a person has to fix. It becomes the outcome `failed`. */
export class SinkFault extends Error {
  override readonly name = 'SinkFault'
  /** Stable, for machines. */
  readonly code: string
  /** What the person has to do, in one sentence. */
  readonly remedy: string

  constructor(code: string, remedy: string) {
    super(`${code}: ${remedy}`)
    this.code = code
    this.remedy = remedy
  }
}
