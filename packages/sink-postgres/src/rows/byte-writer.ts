const firstBytes = 1 << 17
/** Microseconds from 1970 to 2000, where Postgres begins to count. */
const epochMs = 946_684_800_000
const epochDays = 10_957
const twoTo32 = 2 ** 32
/** Of UTF-8, for each unit of UTF-16. */
const mostBytesPerUnit = 3
/** A call into the platform costs as much as so many characters. */
const mostAtOnce = 12
const mostExactMs = Math.floor(Number.MAX_SAFE_INTEGER / 1_000)

/** Collects values in the binary form of COPY. Numbers are big-endian. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(firstBytes)
  #view = viewOf(this.#bytes)
  #size = 0

  /** Whether the texts that come are known to have neither a NUL nor half of a surrogate pair: to look into each takes long. */
  isTextSound = false

  get size(): number {
    return this.#size
  }

  /** Drops what was written behind `size`. */
  rewind(size: number): void {
    this.#size = size
  }

  /** What was written. The next value begins new memory, so that these bytes may still be on their way. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#size)
    this.#begin(Buffer.allocUnsafeSlow(Math.max(firstBytes, this.#bytes.length)))
    this.#size = 0
    return taken
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#size)
    this.#size += bytes.length
  }

  int16(value: number): void {
    this.#reserve(2)
    this.#view.setInt16(this.#size, value)
    this.#size += 2
  }

  null(): void {
    this.#reserve(4)
    this.#int32(-1)
  }

  boolean(value: boolean): void {
    this.#reserve(5)
    this.#int32(1)
    this.#bytes[this.#size++] = value ? 1 : 0
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
    this.#view.setFloat64(this.#size, value)
    this.#size += 8
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
    this.#view.setBigInt64(this.#size, BigInt(sinceMs) * 1_000n)
    this.#size += 8
  }

  /** False, and nothing written, for a text that Postgres cannot hold: one with a NUL or half of a surrogate pair. */
  text(text: string): boolean {
    if (!this.isTextSound && (text.includes('\0') || !text.isWellFormed())) return false
    this.#reserve(4 + mostBytesPerUnit * text.length)
    const length = this.#ascii(text) ? text.length : this.#bytes.write(text, this.#size + 4)
    this.#int32(length)
    this.#size += length
    return true
  }

  /** JSON that is fit for jsonb: `extraJson` makes it. */
  jsonb(json: string): void {
    const at = this.#size
    this.#reserve(5 + mostBytesPerUnit * json.length)
    const length = this.#bytes.write(json, at + 5, 'utf8')
    this.#int32(length + 1)
    this.#bytes[at + 4] = 1
    this.#size += length + 1
  }

  /** Writes a short text behind where its length goes; false for any other, and where a character has several bytes. */
  #ascii(text: string): boolean {
    const { length } = text
    if (length > mostAtOnce) return false
    const bytes = this.#bytes
    const start = this.#size + 4
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at)
      if (code > 0x7f) return false
      bytes[start + at] = code
    }
    return true
  }

  #int32(value: number): void {
    this.#view.setInt32(this.#size, value)
    this.#size += 4
  }

  #int64(value: number): void {
    const high = Math.floor(value / twoTo32)
    this.#int32(high)
    this.#int32(value - high * twoTo32)
  }

  #reserve(bytes: number): void {
    const needed = this.#size + bytes
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(2 * needed)
    this.#bytes.copy(larger, 0, 0, this.#size)
    this.#begin(larger)
  }

  #begin(bytes: Buffer<ArrayBuffer>): void {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
