import { createHash } from 'node:crypto'

/** Elasticsearch's limit. */
const maxIdBytes = 512
const maxBytesPerUnit = 3

/**
 * Returns the `_id` of a record: `org:key`, with `%` and `:` in the org escaped, so that ids are unique. An
 * id that is too long or not well-formed is hashed. A hash has no colon, so it cannot equal another id.
 */
export function documentId(org: string, key: string): string {
  return boundedId(`${/[%:]/.test(org) ? org.replaceAll('%', '%25').replaceAll(':', '%3A') : org}:${key}`)
}

function boundedId(id: string): string {
  const fits = id.length * maxBytesPerUnit <= maxIdBytes || Buffer.byteLength(id) <= maxIdBytes
  if (fits && id.isWellFormed()) return id
  return `sha256-${createHash('sha256').update(Buffer.from(id, 'utf16le')).digest('hex')}`
}
