import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import type { Chance } from '@cdrstream-internal/chance'
import { mutateBytes } from './mutate-bytes.ts'

export interface EncodedBody {
  readonly bytes: Buffer
  /** The value of the Content-Encoding header. */
  readonly encoding?: string
}

/**
 * Encodes the body for the wire. Usually leaves it unchanged, because encoding takes longer than everything
 * else.
 */
export function encodeBody(plain: Buffer, chance: Chance): EncodedBody {
  if (chance.happens(0.975))
    return chance.happens(0.995) ? { bytes: plain } : { bytes: plain, ...wrongName(chance) }
  if (chance.happens(0.02)) return bomb(chance)
  const { name, encode } = chance.oneOf(codings)
  let bytes: Buffer = encode(plain)
  let encoding: string = chance.happens(0.9) ? name : `, ${name.toUpperCase()} ,identity`
  if (chance.happens(0.1)) {
    const outer = chance.oneOf(codings)
    bytes = outer.encode(bytes)
    encoding = `${name}, ${outer.name}`
  }
  while (chance.happens(0.4)) bytes = mutateBytes(bytes, [], chance)
  return { bytes, encoding, ...(chance.happens(0.05) && wrongName(chance)) }
}

const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }

interface Coding {
  readonly name: string
  readonly encode: (bytes: Buffer) => Buffer
}

const codings: readonly [Coding, ...Coding[]] = [
  { name: 'gzip', encode: (bytes) => gzipSync(bytes, { level: 1 }) },
  { name: 'x-gzip', encode: (bytes) => Buffer.concat([gzipSync(bytes, { level: 1 }), gzipSync('')]) },
  { name: 'deflate', encode: (bytes) => deflateSync(bytes, { level: 1 }) },
  { name: 'deflate', encode: (bytes) => deflateRawSync(bytes, { level: 1 }) },
  { name: 'br', encode: (bytes) => brotliCompressSync(bytes, quick) },
  { name: 'zstd', encode: (bytes) => zstdCompressSync(bytes) },
]

function wrongName(chance: Chance): { readonly encoding: string } {
  return {
    encoding: chance.oneOf([
      '',
      'identity',
      'compress',
      'gzip',
      'br',
      'zstd, gzip, br',
      '__proto__',
      'constructor',
    ]),
  }
}

/** Twice the limit of a page. */
const bombBytes = 2_000_000
let bombs: readonly EncodedBody[] | undefined

function bomb(chance: Chance): EncodedBody {
  bombs ??= ['\0', '[', ' ', '{"items":['].flatMap((unit) => {
    const bytes = Buffer.alloc(bombBytes, unit)
    return codings.map(({ name, encode }) => ({ bytes: encode(bytes), encoding: name }))
  })
  return bombs[chance.integer(0, bombs.length - 1)] ?? { bytes: Buffer.alloc(0) }
}
