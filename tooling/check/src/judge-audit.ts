/**
 * - `not-offered`: the registry has no list of vulnerabilities, as is common for mirrors
 * - `not-answered`: the registry could not be reached, or the audit failed
 */
export type AuditVerdict = 'passed' | 'vulnerable' | 'not-offered' | 'not-answered'

/** Returns the verdict for the exit code and output of `pnpm audit`. */
export function judgeAudit(status: number | null, output: string): AuditVerdict {
  if (status === 0) return 'passed'
  if (/\d+ vulnerabilit(y|ies) found/.test(output)) return 'vulnerable'
  return /ERR_PNPM_AUDIT_(BAD_RESPONSE.*responded with (404|405|410|501)\b|ENDPOINT_NOT_EXISTS)/s.test(output)
    ? 'not-offered'
    : 'not-answered'
}
