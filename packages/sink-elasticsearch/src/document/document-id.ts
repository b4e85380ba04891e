import { createHash } from 'node:crypto'

/** The longest `_id` that Elasticsearch takes. */
const maxIdBytes = 512
const maxBytesPerUnit = 3

/**
 * The `_id` of a record: `org:key`, where `%` and `:` of the org are escaped, so that no two pairs give the
 * same text. What is too long, or would not survive as UTF-8, is hashed; a hash has no colon, so it is no
 * plain id.
 */
export function documentId(org: string, key: string): string {
  return boundedId(`${/[%:]/.test(org) ? org.replaceAll('%', '%25').replaceAll(':', '%3A') : org}:${key}`)
}

function boundedId(id: string): string {
  const fits = id.length * maxBytesPerUnit <= maxIdBytes || Buffer.byteLength(id) <= maxIdBytes
  if (fits && id.isWellFormed()) return id
  return `sha256-${createHash('sha256').update(Buffer.from(id, 'utf16le')).digest('hex')}`
}
