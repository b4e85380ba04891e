/**
 * - `not-offered`: the registry answered that it has no such list, as many mirrors do
 * - `not-answered`: it could not be asked, or the audit failed
 */
export type AuditVerdict = 'passed' | 'vulnerable' | 'not-offered' | 'not-answered'

/** Returns what the exit code and output of `pnpm audit` mean. */
export function judgeAudit(status: number | null, said: string): AuditVerdict {
  if (status === 0) return 'passed'
  if (/\d+ vulnerabilit(y|ies) found/.test(said)) return 'vulnerable'
  return /ERR_PNPM_AUDIT_(BAD_RESPONSE.*responded with (404|405|410|501)\b|ENDPOINT_NOT_EXISTS)/s.test(said)
    ? 'not-offered'
    : 'not-answered'
}
