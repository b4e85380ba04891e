import type { Chance } from '@cdrstream-internal/chance'

/** Returns the bytes with one error, as from a broken connection, a broken program or an attacker. */
export function mutateBytes(bytes: Buffer, words: readonly string[], chance: Chance): Buffer {
  const mutation = chance.oneOf(mutations)
  return mutation(bytes, chance, words)
}

/** Like `mutateBytes`, for a string with one byte per character, such as a header value. */
export function mutateHeader(text: string, words: readonly string[], chance: Chance): string {
  return mutateBytes(Buffer.from(text, 'latin1'), words, chance).toString('latin1')
}

type Mutation = (bytes: Buffer, chance: Chance, words: readonly string[]) => Buffer

const mutations: readonly [Mutation, ...Mutation[]] = [
  (bytes, chance) => changed(bytes, chance, (byte) => byte ^ (1 << chance.integer(0, 7))),
  (bytes, chance) => changed(bytes, chance, () => chance.oneOf(specialBytes)),
  (bytes, chance) => bytes.subarray(0, chance.integer(0, bytes.length)),
  (bytes, chance) => bytes.subarray(chance.integer(0, bytes.length)),
  (bytes, chance) => {
    const { from, to } = slice(bytes, chance)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  (bytes, chance) => {
    const { from, to } = slice(bytes, chance)
    return spliced(bytes, chance, bytes.subarray(from, to))
  },
  (bytes, chance) => {
    const { from, to } = slice(bytes, chance)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  },
  (bytes, chance) =>
    spliced(bytes, chance, Buffer.from(Array.from({ length: 8 }, () => chance.integer(0, 255)))),
  // Listed twice, because words of the format reach more code than random bytes.
  (bytes, chance, words) => spliced(bytes, chance, wordOf(words, chance)),
  (bytes, chance, words) => spliced(bytes, chance, wordOf(words, chance)),
]

const specialBytes = [
  0x00, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x5c, 0x7b, 0x7f, 0x80, 0xc0, 0xed, 0xff,
] as const

function changed(bytes: Buffer, chance: Chance, change: (byte: number) => number): Buffer {
  if (bytes.length === 0) return bytes
  const copy = Buffer.from(bytes)
  const at = chance.integer(0, copy.length - 1)
  copy[at] = change(copy[at] ?? 0)
  return copy
}

function spliced(bytes: Buffer, chance: Chance, inserted: Buffer): Buffer {
  const at = chance.integer(0, bytes.length)
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)])
}

/** Returns a slice, usually a short one. */
function slice(bytes: Buffer, chance: Chance): { readonly from: number; readonly to: number } {
  const from = chance.integer(0, bytes.length)
  const longest = chance.happens(0.8) ? 16 : bytes.length
  return { from, to: Math.min(bytes.length, from + chance.integer(0, longest)) }
}

function wordOf(words: readonly string[], chance: Chance): Buffer {
  return Buffer.from(words[chance.integer(0, words.length - 1)] ?? '')
}
