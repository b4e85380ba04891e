const firstBytes = 1 << 20
/** Of UTF-8, for each unit of UTF-16. */
const maxBytesPerUnit = 3

/**
 * Collects the bytes of request bodies. To be kept for the next batch: V8 forgets how to run the code of a
 * class fast when it collects garbage and there is no object of it.
 */
export class BodyWriter {
  #bytes = Buffer.allocUnsafeSlow(firstBytes)
  #size = 0

  /** Bytes that were written since `take`. */
  get size(): number {
    return this.#size
  }

  write(text: string): void {
    const needed = this.#size + maxBytesPerUnit * text.length
    if (needed > this.#bytes.length) this.#begin(2 * needed, this.#bytes.subarray(0, this.#size))
    this.#size += this.#bytes.write(text, this.#size)
  }

  /** Drops the bytes that were not taken. */
  clear(): void {
    this.#size = 0
  }

  /** The bytes up to `end`; those behind it are the first of the next body. */
  take(end: number): Buffer {
    const taken = this.#bytes.subarray(0, end)
    const rest = this.#bytes.subarray(end, this.#size)
    // In new memory: these bytes may be on their way for a while.
    this.#begin(Math.max(firstBytes, taken.length), rest)
    return taken
  }

  #begin(bytes: number, content: Buffer): void {
    const memory = Buffer.allocUnsafeSlow(Math.max(bytes, content.length))
    this.#size = content.copy(memory)
    this.#bytes = memory
  }
}
