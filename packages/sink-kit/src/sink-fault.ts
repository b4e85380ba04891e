import type { Failed } from '@cdrstream/plugin'

/** A fault that a person has to fix. Thrown inside a sink, it becomes a `failed` outcome. */
export class SinkFault extends Error {
  override readonly name = 'SinkFault'
  /** Stable, for programs: `permission-denied`, `disk-full`. */
  readonly code: string
  /** What the person has to do, in one sentence, without any record content. */
  readonly remedy: string

  /** `cause`: the underlying error, if there is one. */
  constructor(code: string, remedy: string, cause?: unknown) {
    super(`${code}: ${remedy}`, { cause })
    this.code = code
    this.remedy = remedy
  }
}

/** Returns a `failed` outcome for a fault. The fault itself is the cause if it has none. */
export function faultOutcome(fault: SinkFault): Failed {
  return failed(fault.code, fault.remedy, fault.cause ?? fault)
}

/**
 * Returns a `failed` outcome for a problem that a person has to fix. See `SinkFault` for `code` and `remedy`.
 */
export function failed(code: string, remedy: string, cause?: unknown): Failed {
  return { kind: 'failed', code, remedy, ...(cause === undefined ? {} : { cause }) }
}
