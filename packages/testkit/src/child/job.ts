import type { CdrRecord, Position } from '@cdrstream/plugin'

/** The job of a child process: open the sink, deliver, flush, close, and exit. */
export interface Job {
  /** The URL of the plugin's module. */
  readonly module: string
  /** The options, as in the configuration. */
  readonly given: object
  readonly records: readonly CdrRecord[]
  readonly incarnation: string
  readonly acknowledged: Position
  readonly batchRecords: number
  readonly flushEvery: number
  readonly patienceMs: number
  /** How many sessions to open and close before the session that delivers. */
  readonly idleSessions: number
}

/** The parent's answer to `about-to-call`. */
export interface Instruction {
  /**
   * How long after the start of the call the child must kill itself. A kill by the parent would miss a call
   * that takes a millisecond.
   */
  readonly dieAfterMs?: number
}

/** What the child reports. */
export type Message =
  /** The child is about to write or flush, and waits for an instruction. */
  | { readonly kind: 'about-to-call'; readonly call: 'write' | 'flush' }
  | { readonly kind: 'called'; readonly call: 'write' | 'flush'; readonly tookMs: number }
  | { readonly kind: 'acknowledged'; readonly position: Position }
  | { readonly kind: 'refused'; readonly offset: number; readonly reason: string }
  /** The sink is closed. The child has nothing left to do. */
  | { readonly kind: 'closed'; readonly openHandles: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }
