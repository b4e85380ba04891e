import type { TokenRequestEntry } from './sign-in/token-endpoint.ts'

/** One distinct content that the API had: a revision of a record, or an item that is no record. */
export interface LedgerEntry {
  readonly org: string
  /** The Report ID; null where there is none. */
  readonly reportId: string | null
  /** Tells contents apart: a digest of the JSON text (SHA-1, base64url). */
  readonly content: string
  readonly isRecord: boolean
  /** By the first insertion. */
  readonly insertionMs: number
  /** The first time that it could have been read, in milliseconds. */
  readonly availableMs: number
  /** When it was first in a whole answer; null: never yet. */
  readonly shownMs: number | null
}

export interface RequestEntry {
  /** When it arrived, by the simulator's clock. */
  readonly atMs: number
  /** Null: the token is nobody's. */
  readonly org: string | null
  /** What the rate limit belongs to. */
  readonly credential: string
  readonly kind: 'initial' | 'page'
  /** Of the answer; 500 for one that never came. */
  readonly status: number
}

/** Everything that the API ever had, and showed, and was asked: the truth to compare with. */
export interface Ledger {
  readonly entries: {
    readonly size: number
    values(): IterableIterator<LedgerEntry>
  }
  readonly requests: readonly RequestEntry[]
  /** What the token address was asked for. */
  readonly tokenRequests: readonly TokenRequestEntry[]
}
