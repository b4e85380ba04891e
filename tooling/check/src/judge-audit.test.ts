import { expect, test } from 'vitest'
import { judgeAudit } from './judge-audit.ts'

const badResponse = (status: number) =>
  `[ERR_PNPM_AUDIT_BAD_RESPONSE] The audit endpoint (at https://registry.example/-/npm/v1/security/advisories/bulk) responded with ${status}: `

test.each([
  [0, 'No known vulnerabilities found', 'passed'],
  [1, '3 vulnerabilities found\nSeverity: 3 high', 'vulnerable'],
  [1, '1 vulnerability found', 'vulnerable'],
  [1, badResponse(405), 'not-offered'],
  [1, badResponse(404), 'not-offered'],
  [1, badResponse(500), 'not-answered'],
  [1, badResponse(401), 'not-answered'],
  [1, 'TypeError: fetch failed', 'not-answered'],
  [null, '', 'not-answered'],
] as const)('an audit with exit code %s and output %j has the verdict %s', (status, output, verdict) => {
  expect(judgeAudit(status, output)).toBe(verdict)
})
