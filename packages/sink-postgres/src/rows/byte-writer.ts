const slabBytes = 1 << 20
/** Microseconds from 1970 to 2000, where Postgres begins to count. */
const epochMs = 946_684_800_000
const epochDays = 10_957
const twoTo32 = 2 ** 32
/** Of UTF-8, for each unit of UTF-16. */
const mostBytesPerUnit = 3
/** A call into the platform costs as much as so many characters. */
const mostAtOnce = 12
const mostExactMs = Math.floor(Number.MAX_SAFE_INTEGER / 1_000)

/**
 * Collects values in the binary form of COPY, in parts. Numbers are big-endian. It keeps its memory for the next COPY: new memory for each
 * part takes the system as long as writing into it, and V8 a collection of the whole heap every few batches.
 */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(slabBytes)
  /** Those behind the one that is written to are free. */
  #slabs = [this.#bytes]
  #slab = 0
  #view = viewOf(this.#bytes)
  #start = 0
  #end = 0

  /** Forgets all that was written; the parts that were taken are written over. */
  begin(): void {
    this.#slabs = this.#slabs.filter(({ length }) => length === slabBytes)
    this.#use(0)
  }

  /** Of the part that is being written, in bytes. */
  get size(): number {
    return this.#end - this.#start
  }

  /** Drops what was written behind `size`. */
  rewind(size: number): void {
    this.#end = this.#start + size
  }

  /** The part that was written, and begins the next one. Its bytes stay until `begin`. */
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

  /** False, and nothing written, for a text that Postgres cannot hold: one with a NUL or half of a surrogate pair. */
  text(text: string): boolean {
    this.#reserve(4 + mostBytesPerUnit * text.length)
    let { length } = text
    if (!this.#ascii(text)) {
      if (text.includes('\0')) return false
      length = this.#bytes.write(text, this.#end + 4)
      // One byte for each unit is ASCII.
      if (length !== text.length && !text.isWellFormed()) return false
    }
    this.#int32(length)
    this.#end += length
    return true
  }

  /** JSON that is fit for jsonb: `extraJson` makes it. */
  jsonb(json: string): void {
    const at = this.#end
    this.#reserve(5 + mostBytesPerUnit * json.length)
    const length = this.#bytes.write(json, at + 5, 'utf8')
    this.#int32(length + 1)
    this.#bytes[at + 4] = 1
    this.#end += length + 1
  }

  /** Writes a short text behind where its length goes; false for any other, and where there is another character than of ASCII, or a NUL. */
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

  /** What of the part is there moves to where there is room for all of it. */
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
