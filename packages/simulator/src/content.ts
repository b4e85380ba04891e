import { hash } from 'node:crypto'
import type { LedgerEntry } from './ledger.ts'

/** Provides content text, possibly by generating it on every call. */
export interface TextSource {
  text(): string
  reportId(): string | null
}

export interface ContentOptions {
  readonly org: string
  readonly source: TextSource
  readonly isRecord: boolean
  readonly location: string | null
}

/**
 * One distinct content that is or was in the store, regardless of how often it was inserted. It caches its
 * digest but not its text, because the text of hours of records would not fit in memory.
 */
export class Content implements LedgerEntry {
  readonly org: string
  readonly isRecord: boolean
  readonly location: string | null
  insertionMs = Number.POSITIVE_INFINITY
  availableMs = Number.POSITIVE_INFINITY
  shownMs: number | null = null
  readonly #source: TextSource
  #digest: string | null = null

  constructor({ org, source, isRecord, location }: ContentOptions) {
    this.org = org
    this.isRecord = isRecord
    this.location = location
    this.#source = source
  }

  get text(): string {
    return this.#source.text()
  }

  get reportId(): string | null {
    return this.#source.reportId()
  }

  get content(): string {
    this.#digest ??= contentOf(this.#source.text())
    return this.#digest
  }

  inserted(insertionMs: number, availableMs: number): void {
    if (availableMs >= this.availableMs) return
    this.insertionMs = insertionMs
    this.availableMs = availableMs
  }

  show(atMs: number): void {
    if (this.shownMs !== null) return
    this.shownMs = atMs
    // The text is still cached at this point, so computing the digest now is cheap.
    this.#digest ??= contentOf(this.#source.text())
  }
}

/** Returns the digest of a record's JSON text (SHA-1, base64url). */
export function contentOf(text: string): string {
  return hash('sha1', text, 'base64url')
}
