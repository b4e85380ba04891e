/**
 * Returns a digest of a string: at least 32 hexadecimal digits, identical for identical text. The platform
 * provides it.
 */
export type Digest = (text: string) => string

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const longest = 128

/**
 * Returns a record's key. The letter case of a UUID does not matter. A Report ID that is unusable as an
 * identifier (too long, or with control characters) is replaced by its hash, so that keys are bounded and
 * valid everywhere.
 */
export function recordKey(reportId: string | null, fingerprint: string, digest: Digest): string {
  if (reportId === null) return `content:${fingerprint}`
  if (uuid.test(reportId)) return reportId.toLowerCase()
  if (reportId.length <= longest && /^[\x20-\x7e]+$/.test(reportId) && !reportId.includes(':'))
    return reportId
  // JSON keeps lone surrogates distinct, which would all be the same in UTF-8.
  return `report-id:${digest(JSON.stringify(reportId)).slice(0, 32)}`
}
