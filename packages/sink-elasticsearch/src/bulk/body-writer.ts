const firstBytes = 1 << 20
/** UTF-8 uses at most three bytes per UTF-16 code unit. */
const maxBytesPerUnit = 3

/**
 * Collects the bytes of request bodies. Reuse a writer for the next batch: V8 discards the optimized code of
 * a class if it has no instance during a garbage collection.
 */
export class BodyWriter {
  #bytes = Buffer.allocUnsafeSlow(firstBytes)
  #size = 0

  /** How many bytes were written since the last `take`. */
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

  /** Returns the bytes up to `end`. The rest becomes the beginning of the next body. */
  take(end: number): Buffer {
    const taken = this.#bytes.subarray(0, end)
    const rest = this.#bytes.subarray(end, this.#size)
    // The next body needs new memory, because the taken bytes may not have been sent completely yet.
    this.#begin(Math.max(firstBytes, taken.length), rest)
    return taken
  }

  #begin(bytes: number, content: Buffer): void {
    const memory = Buffer.allocUnsafeSlow(Math.max(bytes, content.length))
    this.#size = content.copy(memory)
    this.#bytes = memory
  }
}
