/** Reads an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT`; null for anything else. Milliseconds since 1970. */
export function readHttpDate(text: string | undefined): number | null {
  const format = /^[a-z]{3}, \d\d? [a-z]{3} \d{4} \d\d:\d\d:\d\d GMT$/i
  // `Date.parse` alone finds a date in nearly any text.
  if (text === undefined || !format.test(text.trim())) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}
