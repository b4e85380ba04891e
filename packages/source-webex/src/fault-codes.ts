/** The codes of an error, of what it wraps, and of what it gathers: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
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
