import { allCharacters, type Repertoire } from './repertoire.ts'

const slabBytes = 1 << 20
/** 2000-01-01, the PostgreSQL epoch, in milliseconds and in days since 1970. */
const epochMs = 946_684_800_000
const epochDays = 10_957
const twoTo32 = 2 ** 32
/** UTF-8 uses at most three bytes per UTF-16 code unit. */
const maxBytesPerUnit = 3
/** Up to this length, writing character by character is faster than a call to `Buffer.write`. */
const maxAtOnce = 12
/** The first byte of the binary form of jsonb. */
const jsonbVersion = 1
const maxExactMs = Math.floor(Number.MAX_SAFE_INTEGER / 1_000)

/**
 * Collects values in the binary format of COPY, in parts. Numbers are big-endian. The writer keeps its memory
 * for the next COPY, because allocating memory for each part takes as long as writing to it and triggers a
 * full garbage collection every few batches.
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

  /** `repertoire`: which characters the database can store. Default: all. */
  constructor(repertoire: Repertoire = allCharacters) {
    this.#repertoire = repertoire
  }

  /** Starts over, and reuses the memory of the parts that were taken. */
  begin(): void {
    this.#slabs = this.#slabs.filter(({ length }) => length === slabBytes)
    this.#use(0)
  }

  /** The size of the current part, in bytes. */
  get size(): number {
    return this.#end - this.#start
  }

  /** Drops everything that was written to the current part beyond this size. */
  rewind(size: number): void {
    this.#end = this.#start + size
  }

  /** Returns the current part and starts the next one. The bytes stay intact until `begin`. */
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

  /** Writes a safe integer. */
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

  /** Writes a day, given in days since 1970. */
  date(days: number): void {
    this.integer(days - epochDays)
  }

  /** Writes a time, given in whole milliseconds since 1970. */
  timestamp(ms: number): void {
    this.#reserve(12)
    this.#int32(8)
    const sinceMs = ms - epochMs
    if (Math.abs(sinceMs) <= maxExactMs) {
      this.#int64(sinceMs * 1_000)
      return
    }
    this.#view.setBigInt64(this.#end, BigInt(sinceMs) * 1_000n)
    this.#end += 8
  }

  /**
   * Writes a string. Returns false and writes nothing if the database cannot store it, because it contains
   * NUL, a lone surrogate, or a character outside the database encoding.
   */
  text(text: string): boolean {
    this.#reserve(4 + maxBytesPerUnit * text.length)
    let { length } = text
    if (!this.#ascii(text)) {
      if (text.includes('\0')) return false
      length = this.#bytes.write(text, this.#end + 4)
      // A string with as many bytes as code units is ASCII and therefore well-formed.
      if (length !== text.length && !(text.isWellFormed() && this.#repertoire(text))) return false
    }
    this.#int32(length)
    this.#end += length
    return true
  }

  /** Writes JSON that jsonb can store, such as the result of `extraJson`. */
  jsonb(json: string): void {
    this.#reserve(5 + maxBytesPerUnit * json.length)
    const length = this.#bytes.write(json, this.#end + 5)
    this.#int32(1 + length)
    this.#bytes[this.#end] = jsonbVersion
    this.#end += 1 + length
  }

  /**
   * Writes short ASCII text without NUL, after four bytes reserved for its length. Returns false for any
   * other text.
   */
  #ascii(text: string): boolean {
    const { length } = text
    if (length > maxAtOnce) return false
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
   * Reserves this many more bytes. If the slab has too few free bytes, moves the current part to the next
   * slab, which changes `#bytes`, `#view`, `#start` and `#end`: read them only after this call.
   */
  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return
    const begun = this.#bytes.subarray(this.#start, this.#end)
    this.#use(this.#slab + 1, begun.length + bytes)
    this.#bytes.set(begun)
    this.#end = begun.length
  }

  #use(slab: number, bytes = 0): void {
    let memory = this.#slabs[slab]
    if (memory === undefined || memory.length < bytes) {
      memory = Buffer.allocUnsafeSlow(Math.max(slabBytes, 2 * bytes))
      this.#slabs.splice(slab, 0, memory)
    }
    this.#slab = slab
    this.#bytes = memory
    this.#view = viewOf(memory)
    this.#start = 0
    this.#end = 0
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
