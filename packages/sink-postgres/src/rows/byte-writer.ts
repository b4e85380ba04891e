import { holdsAll, type Repertoire } from './repertoire.ts'

const slabBytes = 1 << 20
/** Microseconds from 1970 to 2000, where Postgres begins to count. */
const epochMs = 946_684_800_000
const epochDays = 10_957
const twoTo32 = 2 ** 32
/** UTF-8 takes at most three bytes for one unit of UTF-16. */
const mostBytesPerUnit = 3
/** Up to this length, writing character by character is faster than one call into the platform. */
const mostAtOnce = 12
/** The first byte of jsonb in its binary form. */
const jsonbVersion = 1
const mostExactMs = Math.floor(Number.MAX_SAFE_INTEGER / 1_000)

/**
 * Collects values in the binary form of COPY, in parts. Numbers are big-endian. The writer keeps its memory
 * for the next COPY: allocating memory for each part takes as long as writing into it, and makes V8 collect
 * the whole heap every few batches.
 */
export class ByteWriter {
  readonly #repertoire: Repertoire
  #bytes = Buffer.allocUnsafeSlow(slabBytes)
  /** Slabs after the current one are free. */
  #slabs = [this.#bytes]
  #slab = 0
  #view = viewOf(this.#bytes)
  #start = 0
  #end = 0

  /** `repertoire`: what the database can hold. Default: all. */
  constructor(repertoire: Repertoire = holdsAll) {
    this.#repertoire = repertoire
  }

  /** Starts over. The memory of parts that were taken is used again. */
  begin(): void {
    this.#slabs = this.#slabs.filter(({ length }) => length === slabBytes)
    this.#use(0)
  }

  /** The size of the part that is being written, in bytes. */
  get size(): number {
    return this.#end - this.#start
  }

  /** Drops everything that was written to this part after it had this size. */
  rewind(size: number): void {
    this.#end = this.#start + size
  }

  /** Returns the part that was written, and starts the next one. The bytes stay intact until `begin`. */
  take(): Buffer {
    const taken = this.#bytes.subarray(this.#start, this.#end)
    this.#start = this.#end
    return taken
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#end)
    this.#end += bytes.length
  }

  int16(value: number): void {
    this.#reserve(2)
    this.#view.setInt16(this.#end, value)
    this.#end += 2
  }

  null(): void {
    this.#reserve(4)
    this.#int32(-1)
  }

  boolean(value: boolean): void {
    this.#reserve(5)
    this.#int32(1)
    this.#bytes[this.#end++] = value ? 1 : 0
  }

  integer(value: number): void {
    this.#reserve(8)
    this.#int32(4)
    this.#int32(value)
  }

  /** A safe integer. */
  bigint(value: number): void {
    this.#reserve(12)
    this.#int32(8)
    this.#int64(value)
  }

  double(value: number): void {
    this.#reserve(12)
    this.#int32(8)
    this.#view.setFloat64(this.#end, value)
    this.#end += 8
  }

  /** `days` since 1970. */
  date(days: number): void {
    this.integer(days - epochDays)
  }

  /** `ms` since 1970, a whole number. */
  timestamp(ms: number): void {
    this.#reserve(12)
    this.#int32(8)
    const sinceMs = ms - epochMs
    if (Math.abs(sinceMs) <= mostExactMs) {
      this.#int64(sinceMs * 1_000)
      return
    }
    this.#view.setBigInt64(this.#end, BigInt(sinceMs) * 1_000n)
    this.#end += 8
  }

  /**
   * Returns false and writes nothing if the database cannot hold the text: it has a NUL, half of a surrogate
   * pair, or a character that the encoding of the database does not have.
   */
  text(text: string): boolean {
    this.#reserve(4 + mostBytesPerUnit * text.length)
    let { length } = text
    if (!this.#ascii(text)) {
      if (text.includes('\0')) return false
      length = this.#bytes.write(text, this.#end + 4)
      // A text with as many bytes as units is ASCII, and therefore well-formed.
      if (length !== text.length && !(text.isWellFormed() && this.#repertoire(text))) return false
    }
    this.#int32(length)
    this.#end += length
    return true
  }

  /** Writes JSON that is fit for jsonb, as `extraJson` returns it. */
  jsonb(json: string): void {
    this.#reserve(5 + mostBytesPerUnit * json.length)
    const length = this.#bytes.write(json, this.#end + 5)
    this.#int32(1 + length)
    this.#bytes[this.#end] = jsonbVersion
    this.#end += 1 + length
  }

  /**
   * Writes a short text of ASCII without NUL after the four bytes of its length. Returns false for any other
   * text.
   */
  #ascii(text: string): boolean {
    const { length } = text
    if (length > mostAtOnce) return false
    const bytes = this.#bytes
    const start = this.#end + 4
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at)
      if (code === 0 || code > 0x7f) return false
      bytes[start + at] = code
    }
    return true
  }

  #int32(value: number): void {
    this.#view.setInt32(this.#end, value)
    this.#end += 4
  }

  #int64(value: number): void {
    const high = Math.floor(value / twoTo32)
    this.#int32(high)
    this.#int32(value - high * twoTo32)
  }

  /**
   * Makes room for this many more bytes. If the slab has too little left, the whole part moves to the next
   * one, and `#bytes`, `#view`, `#start` and `#end` change: read them only after this call.
   */
  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return
    const begun = this.#bytes.subarray(this.#start, this.#end)
    this.#use(this.#slab + 1, begun.length + bytes)
    this.#bytes.set(begun)
    this.#end = begun.length
  }

  #use(slab: number, bytes = 0): void {
    let there = this.#slabs[slab]
    if (there === undefined || there.length < bytes) {
      there = Buffer.allocUnsafeSlow(Math.max(slabBytes, 2 * bytes))
      this.#slabs.splice(slab, 0, there)
    }
    this.#slab = slab
    this.#bytes = there
    this.#view = viewOf(there)
    this.#start = 0
    this.#end = 0
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
