import { createHash } from 'node:crypto'

/** One distinct content that the API had: a revision of a record, or an item that is no record. */
export interface LedgerEntry {
  readonly org: string
  /** The Report ID; null where there is none. */
  readonly reportId: string | null
  /** Tells contents apart: a digest of the JSON text. */
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
  readonly atMs: number
  readonly credential: string
  readonly kind: 'initial' | 'page'
  readonly status: number
}

/** Everything that the API ever had, and showed, and was asked: the truth to compare with. */
export interface Ledger {
  readonly entries: ReadonlyMap<string, LedgerEntry>
  readonly requests: readonly RequestEntry[]
}

export class LedgerBook implements Ledger {
  readonly entries = new Map<string, LedgerEntry>()
  readonly requests: RequestEntry[] = []

  /** Notes a content when it comes into the store; the id of it. */
  add(
    org: string,
    text: string,
    reportId: string | null,
    isRecord: boolean,
    times: Pick<LedgerEntry, 'insertionMs' | 'availableMs'>,
  ): string {
    const content = contentOf(text)
    const id = entryId(org, content)
    const known = this.entries.get(id)
    if (known === undefined || known.availableMs > times.availableMs) {
      this.entries.set(id, { shownMs: null, ...known, org, reportId, content, isRecord, ...times })
    }
    return id
  }

  show(id: string, atMs: number): void {
    const entry = this.entries.get(id)
    if (entry?.shownMs === null) this.entries.set(id, { ...entry, shownMs: atMs })
  }

  note(request: RequestEntry): void {
    this.requests.push(request)
  }
}

/** A digest of a record's JSON text. */
export function contentOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url')
}

export function entryId(org: string, content: string): string {
  return `${org}|${content}`
}
