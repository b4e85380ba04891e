/**
 * Returns an HTTP date such as `Sun, 06 Nov 1994 08:49:37 GMT` in milliseconds since 1970, or null for any
 * other text.
 */
export function readHttpDate(text: string | undefined): number | null {
  const format = /^[a-z]{3}, \d\d? [a-z]{3} \d{4} \d\d:\d\d:\d\d GMT$/i
  // `Date.parse` alone accepts almost any text.
  if (text === undefined || !format.test(text.trim())) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}
