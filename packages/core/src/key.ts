/**
 * Makes a digest of a text: 32 or more hexadecimal digits, the same for the same text. The platform brings
 * it.
 */
export type Digest = (text: string) => string

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const longest = 128

/**
 * What makes two records the same one. A UUID does not depend on letter case. A Report ID that is no decent
 * identifier (too long, or with control characters) is replaced by its hash, so that keys are bounded and fit
 * everywhere.
 */
export function recordKey(reportId: string | null, fingerprint: string, digest: Digest): string {
  if (reportId === null) return `content:${fingerprint}`
  if (uuid.test(reportId)) return reportId.toLowerCase()
  if (reportId.length <= longest && /^[\x20-\x7e]+$/.test(reportId) && !reportId.includes(':'))
    return reportId
  // As JSON, which keeps lone surrogates apart: as UTF-8 they would all be the same.
  return `report-id:${digest(JSON.stringify(reportId)).slice(0, 32)}`
}
