import type { Failed } from '@cdrstream/plugin'

/** A fault that a person has to fix. Thrown inside a sink, it becomes the outcome `failed`. */
export class SinkFault extends Error {
  override readonly name = 'SinkFault'
  /** Stable, for machines: `permission-denied`, `disk-full`. */
  readonly code: string
  /** What the person has to do, in one sentence. Without content of a record. */
  readonly remedy: string

  /** `cause`: the error behind it, if there is one. */
  constructor(code: string, remedy: string, cause?: unknown) {
    super(`${code}: ${remedy}`, { cause })
    this.code = code
    this.remedy = remedy
  }
}

/** Returns the outcome that a fault becomes. Without a cause of its own, the fault is the cause. */
export function faultOutcome(fault: SinkFault): Failed {
  return failed(fault.code, fault.remedy, fault.cause ?? fault)
}

/** Returns the outcome for what a person has to fix. For `code` and `remedy` see `SinkFault`. */
export function failed(code: string, remedy: string, cause?: unknown): Failed {
  return { kind: 'failed', code, remedy, ...(cause === undefined ? {} : { cause }) }
}
