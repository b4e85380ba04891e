import { idBytes } from './entry.ts'

/** The two hashes of an id from which a Bloom filter computes its probes. */
export interface IdHash {
  readonly first: number
  readonly second: number
}

const bitsPerId = 12
const probes = 8
const twoTo32 = 2 ** 32

/**
 * A Bloom filter of ids. It never misses an id that was added, and wrongly accepts about 3 in 1,000 others.
 */
export class IdFilter {
  readonly bytes: Uint8Array
  readonly #bits: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#bits = 8 * bytes.length
  }

  static for(ids: number): IdFilter {
    return new IdFilter(new Uint8Array(Math.ceil((ids * bitsPerId) / 8)))
  }

  add({ first, second }: IdHash): void {
    for (let probe = 0; probe < probes; probe += 1) {
      const bit = this.#bit(first, second, probe)
      this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] ?? 0) | (1 << (bit & 7))
    }
  }

  mayHave({ first, second }: IdHash): boolean {
    for (let probe = 0; probe < probes; probe += 1) {
      const bit = this.#bit(first, second, probe)
      if (((this.bytes[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false
    }
    return true
  }

  #bit(first: number, second: number, probe: number): number {
    return Math.floor((((first + Math.imul(probe, second)) >>> 0) / twoTo32) * this.#bits)
  }
}

/** Returns the hash of the id at this position. */
export function hashId(bytes: Buffer, at: number): IdHash {
  let bits = 0
  for (let word = 0; word < idBytes; word += 4) bits = mix(bits ^ bytes.readUInt32BE(at + word))
  return { first: bits >>> 0, second: (mix(bits ^ 0x9e3779b9) | 1) >>> 0 }
}

/** Makes each bit of the result depend on every bit of the input (the finalizer of MurmurHash3). */
function mix(bits: number): number {
  let mixed = bits
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
