import { hash } from 'node:crypto'
import type { LedgerEntry } from './ledger.ts'

/** Where the text of a content comes from. It may be made anew each time. */
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

/** One distinct content that is or was in the store, however often it was inserted. It remembers its digest, and not its text. */
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
    // Now, while the text is at hand.
    this.#digest ??= contentOf(this.#source.text())
  }
}

/** A digest of a record's JSON text. */
export function contentOf(text: string): string {
  return hash('sha1', text, 'base64url')
}
