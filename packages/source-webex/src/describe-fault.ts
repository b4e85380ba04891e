/** What a transport threw, in a few words for a person. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as { code?: unknown }
  // A connection that failed on several addresses has a code only; others repeat it in the message.
  if (typeof code !== 'string' || error.message.includes(code)) return error.message || error.name
  return error.message === '' ? code : `${code}: ${error.message}`
}
