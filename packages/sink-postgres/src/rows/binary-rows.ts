const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
/** Milliseconds from 1970 to 2000, where PostgreSQL's times begin. */
const epochMs = 946_684_800_000
const dayMs = 86_400_000
const mostExactMs = Number.MAX_SAFE_INTEGER / 1_000
const mostBytesOfACharacter = 3

/** Rows in the binary form of COPY, in one buffer that grows. */
export class BinaryRows {
  readonly #columns: number
  #bytes = Buffer.allocUnsafe(1 << 20)
  #at = 0
  #begin = 0

  constructor(columns: number) {
    this.#columns = columns
    this.#at = signature.copy(this.#bytes)
  }

  begin(): void {
    this.#begin = this.#at
    this.#room(2)
    this.#at = this.#bytes.writeInt16BE(this.#columns, this.#at)
  }

  commit(): void {
    this.#begin = this.#at
  }

  /** Takes back the row that was begun. */
  rollback(): void {
    this.#at = this.#begin
  }

  finish(): Buffer {
    this.#room(2)
    this.#at = this.#bytes.writeInt16BE(-1, this.#at)
    return this.#bytes.subarray(0, this.#at)
  }

  null(): void {
    this.#room(4)
    this.#at = this.#bytes.writeInt32BE(-1, this.#at)
  }

  text(value: string): void {
    this.#text(value, 0)
  }

  /** The version of the form, and the text. */
  jsonb(value: string): void {
    this.#text(value, 1)
  }

  boolean(value: boolean): void {
    this.#room(5)
    this.#at = this.#bytes.writeInt32BE(1, this.#at)
    this.#at = this.#bytes.writeUInt8(value ? 1 : 0, this.#at)
  }

  integer(value: number): void {
    this.#room(8)
    this.#at = this.#bytes.writeInt32BE(4, this.#at)
    this.#at = this.#bytes.writeInt32BE(value, this.#at)
  }

  double(value: number): void {
    this.#room(12)
    this.#at = this.#bytes.writeInt32BE(8, this.#at)
    this.#at = this.#bytes.writeDoubleBE(value, this.#at)
  }

  /** A safe integer. */
  bigint(value: number): void {
    this.#room(12)
    this.#at = this.#bytes.writeInt32BE(8, this.#at)
    const high = Math.floor(value / 2 ** 32)
    this.#at = this.#bytes.writeInt32BE(high, this.#at)
    this.#at = this.#bytes.writeUInt32BE(value - high * 2 ** 32, this.#at)
  }

  /** Milliseconds since 1970. */
  timestamp(ms: number): void {
    const sinceMs = ms - epochMs
    if (Math.abs(sinceMs) <= mostExactMs) {
      this.bigint(sinceMs * 1_000)
      return
    }
    this.#room(12)
    this.#at = this.#bytes.writeInt32BE(8, this.#at)
    this.#at = this.#bytes.writeBigInt64BE(BigInt(sinceMs) * 1_000n, this.#at)
  }

  /** `YYYY-MM-DD`. Throws RangeError for anything else. */
  date(day: string): void {
    const days = (Date.parse(day) - epochMs) / dayMs
    if (!Number.isInteger(days)) throw new RangeError('not a day')
    this.integer(days)
  }

  #text(value: string, version: 0 | 1): void {
    this.#room(5 + value.length * mostBytesOfACharacter)
    const lengthAt = this.#at
    this.#at += 4
    if (version === 1) this.#at = this.#bytes.writeUInt8(version, this.#at)
    this.#at += this.#bytes.write(value, this.#at, 'utf8')
    this.#bytes.writeInt32BE(this.#at - lengthAt - 4, lengthAt)
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#at + bytes))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}
