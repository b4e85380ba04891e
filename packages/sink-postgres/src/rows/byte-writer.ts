const firstBytes = 1 << 20
/** Microseconds from 1970 to 2000, where Postgres begins to count. */
const epochMs = 946_684_800_000
const epochDays = 10_957
const twoTo32 = 2 ** 32
const mostExactMs = Math.floor(Number.MAX_SAFE_INTEGER / 1_000)

/** Collects values in the binary form of COPY. Numbers are big-endian. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(firstBytes)
  #size = 0

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
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(firstBytes, this.#bytes.length))
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
    this.#size = this.#bytes.writeInt16BE(value, this.#size)
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
    this.#size = this.#bytes.writeDoubleBE(value, this.#size)
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
    if (Math.abs(sinceMs) <= mostExactMs) this.#int64(sinceMs * 1_000)
    else this.#size = this.#bytes.writeBigInt64BE(BigInt(sinceMs) * 1_000n, this.#size)
  }

  /** False, and nothing written, for a text that Postgres cannot hold: one with a NUL or half of a surrogate pair. */
  text(text: string): boolean {
    const { length } = text
    this.#reserve(4 + 3 * length)
    const bytes = this.#bytes
    const start = this.#size + 4
    for (let at = 0; at < length; at += 1) {
      const code = text.charCodeAt(at)
      if (code > 0x7f || code === 0) return this.#anyText(text)
      bytes[start + at] = code
    }
    this.#int32(length)
    this.#size += length
    return true
  }

  /** JSON that is fit for jsonb: `extraJson` makes it. */
  jsonb(json: string): void {
    const at = this.#size
    this.#reserve(5 + 3 * json.length)
    const length = this.#bytes.write(json, at + 5, 'utf8')
    this.#int32(length + 1)
    this.#bytes[at + 4] = 1
    this.#size += length + 1
  }

  #anyText(text: string): boolean {
    if (text.includes('\0') || !text.isWellFormed()) return false
    const length = this.#bytes.write(text, this.#size + 4, 'utf8')
    this.#int32(length)
    this.#size += length
    return true
  }

  #int32(value: number): void {
    const bytes = this.#bytes
    bytes[this.#size++] = value >>> 24
    bytes[this.#size++] = value >>> 16
    bytes[this.#size++] = value >>> 8
    bytes[this.#size++] = value
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
    this.#bytes = larger
  }
}
