import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib'
import type { BodyBytes, BodyFault } from './read-body.ts'

export interface BodyText {
  readonly kind: 'text'
  readonly text: string
}

type Decode = (bytes: Buffer, options: { chunkSize: number; maxOutputLength: number }) => Promise<Buffer>

const decodeGzip: Decode = promisify(gunzip)

/** Only gzip is requested. The others are for proxies that use them regardless. */
const decoders: Readonly<Record<string, Decode>> = {
  gzip: decodeGzip,
  'x-gzip': decodeGzip,
  deflate: decodeDeflate,
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
}

/**
 * Decoding in a few large steps takes a fraction of the time that zlib's default of 16 KB takes, at the cost
 * of at most one such step of memory.
 */
const minChunkBytes = 64 * 1024
const defaultChunkBytes = 4 * 1024 * 1024
const maxChunkBytes = 16 * 1024 * 1024

/** Two nested encodings occur in practice. More are an attack. */
const maxEncodings = 2

/**
 * Returns the decoded body as bytes, without a byte order mark. Holds at most `maxBytes` decoded bytes and
 * one chunk in memory.
 */
export async function decodeBody(
  bytes: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<BodyBytes | BodyFault> {
  if (bytes.length === 0) return { kind: 'bytes', bytes }
  const encodings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'identity')
  if (encodings.length > maxEncodings) return malformed('the body is encoded too many times')
  let decoded = bytes
  for (const encoding of encodings.reverse()) {
    const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined
    if (decode === undefined) return malformed('the body has an encoding that is not supported')
    try {
      decoded = await decode(decoded, {
        chunkSize: chunkBytes(decoded, encoding),
        maxOutputLength: maxBytes,
      })
    } catch (error) {
      return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
        ? { kind: 'fault', reason: 'too-large', detail: `the body decodes to more than ${maxBytes} bytes` }
        : malformed(`the body is not complete, valid ${encoding}`)
    }
  }
  return { kind: 'bytes', bytes: withoutByteOrderMark(decoded) }
}

/** Returns the decoded body as a string. Bytes that are not UTF-8 become U+FFFD. */
export async function decodeText(
  bytes: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<BodyText | BodyFault> {
  const body = await decodeBody(bytes, contentEncoding, maxBytes)
  return body.kind === 'fault' ? body : { kind: 'text', text: body.bytes.toString() }
}

/** In RFC 9110, deflate means the zlib format, but some servers omit the zlib header. */
function decodeDeflate(bytes: Buffer, options: Parameters<Decode>[1]): Promise<Buffer> {
  const hasHeader = ((bytes[0] ?? 0) & 0x0f) === 8
  return promisify(hasHeader ? inflate : inflateRaw)(bytes, options)
}

/**
 * The last four bytes of a gzip body contain its decoded size, so that one step is enough. The size may be
 * wrong, so it only determines the step size.
 */
function chunkBytes(bytes: Buffer, encoding: string): number {
  if (!encoding.endsWith('gzip') || bytes.length < 4) return defaultChunkBytes
  const announcedBytes = bytes.readUInt32LE(bytes.length - 4)
  return Math.min(Math.max(announcedBytes + 1, minChunkBytes), maxChunkBytes)
}

function withoutByteOrderMark(bytes: Buffer): Buffer {
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return hasByteOrderMark ? bytes.subarray(3) : bytes
}

function malformed(detail: string): BodyFault {
  return { kind: 'fault', reason: 'malformed', flaw: 'encoding', detail }
}
