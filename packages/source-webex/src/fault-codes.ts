/**
 * Returns the codes of an error, of its causes, and of the errors that it aggregates: `ECONNREFUSED`,
 * `CERT_HAS_EXPIRED`.
 */
export function faultCodes(error: unknown): readonly string[] {
  const codes: string[] = []
  const seen = new Set<unknown>()
  const queue = [error]
  for (const fault of queue) {
    if (typeof fault !== 'object' || fault === null || seen.has(fault)) continue
    seen.add(fault)
    const { code, cause, errors } = fault as { code?: unknown; cause?: unknown; errors?: unknown }
    if (typeof code === 'string') codes.push(code)
    queue.push(cause, ...(Array.isArray(errors) ? errors : []))
  }
  return codes
}
