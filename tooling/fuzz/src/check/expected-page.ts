import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { AnsweredCase } from '../make/make-case.ts'

/** The items of a page, and the text that they are in. */
export interface ExpectedPage {
  readonly text: string
  readonly items: readonly unknown[]
}

/** What a reader without any cleverness finds in the case; undefined where it is no page. */
export function expectedPage(answered: AnsweredCase, maxBodyBytes: number): ExpectedPage | undefined {
  const { status, headers, bytes, end } = answered
  if (status !== 200 || end !== 'whole' || bytes.length > maxBodyBytes) return undefined
  const length = first(headers['content-length'])
  if (length !== undefined && Number(length) !== bytes.length) return undefined
  const decoded = decode(bytes, first(headers['content-encoding']) ?? '', maxBodyBytes)
  if (decoded === undefined) return undefined
  const text = decoded.toString().replace(/^\ufeff/, '')
  const items = itemsOf(text)
  return items && { text, items }
}

function itemsOf(text: string): readonly unknown[] | undefined {
  try {
    const page: unknown = JSON.parse(text)
    if (typeof page !== 'object' || page === null || Array.isArray(page) || !Object.hasOwn(page, 'items'))
      return undefined
    const { items } = page as { readonly items: unknown }
    return Array.isArray(items) ? items : undefined
  } catch {
    return undefined
  }
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
      throw new Error('nobody knows this encoding')
  }
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value[0]
}
