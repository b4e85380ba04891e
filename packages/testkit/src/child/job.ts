import type { CdrRecord, Position } from '@cdrstream/plugin'

/** What a child process does: it opens the sink, delivers, flushes, closes, and ends by itself. */
export interface Job {
  /** The URL of the plugin's module. */
  readonly module: string
  /** The options as they stand in the configuration. */
  readonly given: object
  readonly records: readonly CdrRecord[]
  readonly incarnation: string
  readonly acknowledged: Position
  readonly batchRecords: number
  readonly flushEvery: number
  readonly patienceMs: number
  /** How many sessions it opens and closes before the one that delivers. */
  readonly idleSessions: number
}

/** What the parent says then. */
export interface Word {
  /** It shall kill itself so long after the call has begun: nobody else would hit a call of a millisecond. */
  readonly dieAfterMs?: number
}

/** What the child says. */
export type Message =
  /** It is about to write or to flush, and waits for the word. */
  | { readonly kind: 'about-to-call'; readonly call: 'write' | 'flush' }
  | { readonly kind: 'called'; readonly call: 'write' | 'flush'; readonly tookMs: number }
  | { readonly kind: 'acknowledged'; readonly position: Position }
  | { readonly kind: 'refused'; readonly offset: number; readonly reason: string }
  /** The sink is closed; this is still open. Now the child has nothing more to do. */
  | { readonly kind: 'closed'; readonly openHandles: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }
