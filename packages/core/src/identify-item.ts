import { type Digest, recordKey } from './key.ts'
import { canonicalContent } from './normalize/canonical-content.ts'
import { normalizeRecord } from './normalize/normalize-record.ts'

/** What an item of a page is: a record with its identity, or something that cannot be one. */
export type Identity = RecordIdentity | NoRecord

export interface RecordIdentity {
  readonly kind: 'record'
  /** Its JSON text in UTF-8. */
  readonly bytes: Uint8Array
  readonly key: string
  /** The digest of the canonical content, 32 hexadecimal digits. */
  readonly fingerprint: string
  /** The canonical content itself, if the record has no `extra`: `cdrRecord` reads its fields from it faster than from its text. */
  readonly content: string | undefined
  readonly startTimeMs: number | null
  readonly reportTimeMs: number | null
}

export interface NoRecord {
  readonly kind: 'no-record'
  readonly text: string
  /** The digest of the text: tells a repeated item. */
  readonly fingerprint: string
  readonly reason: string
}

/** An item as the API sent it: its exact text, the same in UTF-8, and what it parses to. */
export interface RawItem {
  readonly text: string
  readonly bytes: Uint8Array
  readonly value: unknown
}

/** Says what an item is. Never throws, whatever the item holds. */
export function identifyItem({ text, bytes, value }: RawItem, digest: Digest): Identity {
  if (!isObject(value) || Object.keys(value).length === 0) {
    return {
      kind: 'no-record',
      text,
      fingerprint: shortDigest(digest, text),
      reason: `not a record: ${nameOf(value)}`,
    }
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
