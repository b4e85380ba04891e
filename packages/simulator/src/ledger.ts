import type { TokenRequestEntry } from './sign-in/token-endpoint.ts'

/** One distinct content that the API has held: a revision of a record, or an item that is not a record. */
export interface LedgerEntry {
  readonly org: string
  /** The Report ID, or null if there is none. */
  readonly reportId: string | null
  /** Identifies the content: a digest of the JSON text (SHA-1, base64url). */
  readonly content: string
  readonly isRecord: boolean
  /** When the content was first inserted, in milliseconds since 1970, UTC. */
  readonly insertionMs: number
  /** The earliest time at which the content could be read, in milliseconds since 1970, UTC. */
  readonly availableMs: number
  /**
   * When the content was first part of a complete response, in milliseconds since 1970, UTC. Null if it never
   * was.
   */
  readonly shownMs: number | null
}

/** A request for records. */
export interface RequestEntry {
  /** When the request arrived by the simulator's clock, in milliseconds since 1970, UTC. */
  readonly atMs: number
  /** Null if the token belongs to no org. */
  readonly org: string | null
  /** The credential that the rate limit applies to. */
  readonly credential: string
  readonly kind: 'initial' | 'page'
  /** The response status, or 500 if there was no response. */
  readonly status: number
}

/**
 * Every record the API has held and returned, and every request it has received: the reference for a
 * collector's output.
 */
export interface Ledger {
  readonly entries: {
    readonly size: number
    values(): IterableIterator<LedgerEntry>
  }
  readonly requests: readonly RequestEntry[]
  /** The requests to the token endpoint. */
  readonly tokenRequests: readonly TokenRequestEntry[]
}
