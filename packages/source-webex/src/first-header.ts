import type { ResponseHeaders } from './transport.ts'

/** Returns the value of a header that should occur once, or the first value if the header is repeated. */
export function firstHeader(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' || value === undefined ? value : value[0]
}
