import type { ResponseHeaders } from './transport.ts'

/** The value of a header that should come once; of a repeated one the first. */
export function firstHeader(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' || value === undefined ? value : value[0]
}
