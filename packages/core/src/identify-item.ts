import type { Item } from './item.ts'
import { type Digest, recordKey } from './key.ts'
import { type CanonicalContent, canonicalContent } from './normalize/canonical-content.ts'
import { normalizeRecord } from './normalize/normalize-record.ts'

/** An item identified as a record, or as something that cannot be a record. */
export type IdentifiedItem = IdentifiedRecord | UnusableItem

/**
 * An item that is a record, with the data that distinguishes it from other records and from its other
 * revisions.
 */
export interface IdentifiedRecord {
  readonly kind: 'record'
  /** The JSON text of the record in UTF-8. */
  readonly bytes: Uint8Array
  readonly key: string
  /** The digest of the canonical content: 32 hexadecimal digits. */
  readonly fingerprint: string
  /** Undefined if the record has `extra`. */
  readonly content: CanonicalContent | undefined
  readonly startTimeMs: number | null
  readonly reportTimeMs: number | null
}

/** An item that cannot be a record. */
export interface UnusableItem {
  readonly kind: 'unusable'
  /** What the API sent, truncated to what the source passes on. */
  readonly bytes: Uint8Array
  /** The digest of the text, used to recognize a repeated item. */
  readonly fingerprint: string
  readonly reason: string
}

/** Returns the identity of an item. Never throws. */
export function identifyItem(item: Item, digest: Digest): IdentifiedItem {
  if (item.kind === 'unreadable') {
    return unusable(item.bytes, shortDigest(digest, `${item.totalBytes} ${item.text}`), item.flaw)
  }
  const { text, bytes, value } = item
  if (!isObject(value) || Object.keys(value).length === 0) {
    return unusable(bytes, shortDigest(digest, text), nameOf(value))
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

function unusable(bytes: Uint8Array, fingerprint: string, what: string): UnusableItem {
  return { kind: 'unusable', bytes, fingerprint, reason: `not a record: ${what}` }
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
