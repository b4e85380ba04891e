import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { AnsweredCase } from '../make/make-case.ts'
import { type ExpectedItem, splitPlainly } from './split-plainly.ts'

/** The expected result of a body: a page with these items, or a failure. */
export type ExpectedPage =
  | { readonly kind: 'items'; readonly items: readonly ExpectedItem[] }
  | { readonly kind: 'malformed' | 'too-large' }

/** Small, so that compression bombs are cheap and cases reach each limit. */
export const pageLimits = {
  maxBodyBytes: 1_000_000,
  bounds: { items: 4_000, otherKeys: 8, itemBytes: 60_000, itemMarks: 5_000, itemDepth: 500 },
} as const

/** Returns undefined if no complete body is received or the body does not belong to a page. */
export function expectedPage(answered: AnsweredCase): ExpectedPage | undefined {
  const { status, headers, bytes, end } = answered
  const { maxBodyBytes, bounds } = pageLimits
  if (status !== 200 || end !== 'whole' || bytes.length > maxBodyBytes) return undefined
  const length = first(headers['content-length'])
  if (length !== undefined && Number(length) !== bytes.length) return undefined
  const decoded = decode(bytes, first(headers['content-encoding']) ?? '', maxBodyBytes)
  return decoded && splitPlainly(decoded.toString().replace(/^\ufeff/, ''), bounds)
}

function decode(bytes: Buffer, contentEncoding: string, maxOutputLength: number): Buffer | undefined {
  if (bytes.length === 0) return bytes
  const names = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => !['', 'identity'].includes(name))
  if (names.length > 2) return undefined
  try {
    return names.reduceRight((rest, name) => decodeOnce(rest, name, maxOutputLength), bytes)
  } catch {
    return undefined
  }
}

function decodeOnce(bytes: Buffer, name: string, maxOutputLength: number): Buffer {
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(bytes, { maxOutputLength })
    case 'deflate':
      return (bytes[0] ?? 0) % 16 === 8
        ? inflateSync(bytes, { maxOutputLength })
        : inflateRawSync(bytes, { maxOutputLength })
    case 'br':
      return brotliDecompressSync(bytes, { maxOutputLength })
    case 'zstd':
      return zstdDecompressSync(bytes, { maxOutputLength })
    default:
      throw new Error('unknown content encoding')
  }
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value[0]
}
