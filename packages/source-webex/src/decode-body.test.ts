import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBody, decodeText } from './decode-body.ts'
import type { BodyFault } from './read-body.ts'

const most = 1_000_000
const text = JSON.stringify({
  items: Array.from({ length: 500 }, (_, i) => ({ Duration: i, User: `Zoë 東京 ${i}` })),
})

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Returns the text of a body. Throws if the bytes are not valid UTF-8. A byte order mark stays visible. */
async function decode(...body: Parameters<typeof decodeBody>): Promise<string | BodyFault> {
  const decoded = await decodeBody(...body)
  return decoded.kind === 'fault' ? decoded : utf8.decode(decoded.bytes)
}

const encodings = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const

describe.each(encodings)('with the encoding %s,', (encoding, compress) => {
  test('a body is decoded', async () => {
    expect(await decode(compress(text), encoding, most)).toBe(text)
  })

  test('a truncated body is malformed, no matter where it ends', async () => {
    const whole = compress(text)
    for (const share of [0.001, 0.3, 0.7, 0.999]) {
      const cut = whole.subarray(0, Math.max(1, Math.floor(whole.length * share)))
      expect(await decodeBody(cut, encoding, most)).toMatchObject({ kind: 'fault', reason: 'malformed' })
    }
  })

  test('a body of exactly the size limit is decoded, and one byte more is too large', async () => {
    const bytes = Buffer.byteLength(text)
    expect((await decodeBody(compress(text), encoding, bytes)).kind).toBe('bytes')
    expect(await decodeBody(compress(text), encoding, bytes - 1)).toMatchObject({ reason: 'too-large' })
  })
})

test.each([undefined, '', 'identity', ' Identity , '])(
  'the encoding %j means that the body is not encoded',
  async (encoding) => {
    expect(await decode(Buffer.from(text), encoding, most)).toBe(text)
  },
)

test('two nested encodings are decoded, and more are malformed', async () => {
  const twice = gzipSync(deflateSync(text))
  expect(await decode(twice, 'deflate, gzip', most)).toBe(text)
  expect(await decodeBody(twice, 'gzip, gzip, gzip', most)).toMatchObject({ reason: 'malformed' })
})

test.each(['compress', '__proto__', 'toString', 'gzip;q=1'])(
  'the encoding %j is malformed',
  async (encoding) => {
    expect(await decodeBody(gzipSync(text), encoding, most)).toMatchObject({
      kind: 'fault',
      reason: 'malformed',
    })
  },
)

test('an empty body is empty in any encoding', async () => {
  expect(await decode(Buffer.alloc(0), 'gzip', most)).toBe('')
})

test('a gzip body with several members is decoded completely, although its last bytes indicate a smaller size', async () => {
  const members = Buffer.concat([gzipSync('a'.repeat(100_000)), gzipSync('b')])
  expect(await decode(members, 'gzip', most)).toBe(`${'a'.repeat(100_000)}b`)
})

test('invalid UTF-8 stays in the bytes and is replaced in the text', async () => {
  const bytes = Buffer.from([0x22, 0xff, 0x22])
  expect(await decodeBody(bytes, undefined, most)).toEqual({ kind: 'bytes', bytes })
  expect(await decodeText(bytes, undefined, most)).toEqual({ kind: 'text', text: '"\ufffd"' })
})

test('a byte order mark is not part of the text', async () => {
  expect(await decode(Buffer.from('\ufeff{}'), undefined, most)).toBe('{}')
})

test('decoding a large page does not change the bytes that were passed in', async () => {
  const large = Buffer.from('x'.repeat(3_000_000))
  await decodeBody(large, undefined, 5_000_000)
  expect(large.length).toBe(3_000_000)
  const encoded = gzipSync(large)
  const before = encoded.toString('hex')
  expect(await decode(encoded, 'gzip', 5_000_000)).toBe('x'.repeat(3_000_000))
  expect(encoded.toString('hex')).toBe(before)
})

test('decoding arbitrary bytes in any encoding returns an outcome and never throws', async () => {
  const encoding = fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'identity', 'gzip, br')
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.constantFrom(...encodings.map(([, compress]) => compress(text))), fc.nat(), fc.nat(255))
      .map(([whole, at, byte]) => {
        const damaged = Buffer.from(whole)
        damaged[at % damaged.length] = byte
        return damaged
      }),
  )
  await fc.assert(
    fc.asyncProperty(bytes, encoding, async (some, name) => {
      const body = await decodeBody(Buffer.from(some), name, most)
      expect(['bytes', 'fault']).toContain(body.kind)
    }),
    { numRuns: 500 },
  )
})
