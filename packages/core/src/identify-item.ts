import { type Digest, recordKey } from './key.ts'
import { canonicalContent } from './normalize/canonical-content.ts'
import { normalizeRecord } from './normalize/normalize-record.ts'

/** What an item of a page is: a record with its identity, or something that cannot be one. */
export type Identity = RecordIdentity | NoRecord

/** A record, with what tells it from others and from its other revisions. */
export interface RecordIdentity {
  readonly kind: 'record'
  /** Its JSON text in UTF-8. */
  readonly bytes: Uint8Array
  readonly key: string
  /** The digest of the canonical content, 32 hexadecimal digits. */
  readonly fingerprint: string
  /**
   * The canonical content itself, if the record has no `extra`: `cdrRecord` reads its fields from it faster
   * than from its text.
   */
  readonly content: string | undefined
  readonly startTimeMs: number | null
  readonly reportTimeMs: number | null
}

/** An item that cannot be a record. */
interface NoRecord {
  readonly kind: 'no-record'
  /** What the API sent, cut to what the source passes on. */
  readonly bytes: Uint8Array
  /** The digest of the text, by which a repeated item is recognized. */
  readonly fingerprint: string
  readonly reason: string
}

/** One element of `items`, as the API sent it. */
export type RawItem = ParsedItem | UnreadableItem

/** An item with a JSON value, whatever it is. */
interface ParsedItem {
  readonly kind: 'parsed'
  /** Its exact JSON text. */
  readonly text: string
  /** The same in UTF-8. They share the memory of the page, and are gone with its `release`. */
  readonly bytes: Uint8Array
  readonly value: unknown
}

/** An item that has a beginning and an end, but no value. */
interface UnreadableItem {
  readonly kind: 'unreadable'
  /** The bytes as they came, possibly cut. They share the memory of the page as well. */
  readonly bytes: Uint8Array
  /** The same as a text. */
  readonly text: string
  /** The size of the whole item. */
  readonly totalBytes: number
  /** Why it has no value, for a person, without content: `invalid JSON`, `more than 1000000 bytes`. */
  readonly flaw: string
}

/** Returns what an item is. Never throws, whatever the item holds. */
export function identifyItem(item: RawItem, digest: Digest): Identity {
  if (item.kind === 'unreadable') {
    return noRecord(item.bytes, shortDigest(digest, `${item.totalBytes} ${item.text}`), item.flaw)
  }
  const { text, bytes, value } = item
  if (!isObject(value) || Object.keys(value).length === 0) {
    return noRecord(bytes, shortDigest(digest, text), nameOf(value))
  }
  const normalized = normalizeRecord(value)
  const content = canonicalContent(normalized)
  const fingerprint = shortDigest(digest, content)
  const { report_id: reportId, start_time: startTimeMs, report_time: reportTimeMs } = normalized.fields
  return {
    kind: 'record',
    bytes,
    key: recordKey(reportId, fingerprint, digest),
    fingerprint,
    content: normalized.extra.size === 0 ? content : undefined,
    startTimeMs,
    reportTimeMs,
  }
}

function noRecord(bytes: Uint8Array, fingerprint: string, what: string): NoRecord {
  return { kind: 'no-record', bytes, fingerprint, reason: `not a record: ${what}` }
}

function shortDigest(digest: Digest, text: string): string {
  return digest(text).slice(0, 32)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an empty object' : `a ${typeof value}`
}
