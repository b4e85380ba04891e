import assert from 'node:assert/strict'
import type { MemoryFiles } from './memory-files.ts'

/** Someone who takes each published file as soon as it is there, and each name once. */
export class Reader {
  readonly #disk: MemoryFiles
  readonly #directory: string
  readonly #seen = new Map<string, Buffer>()

  constructor(disk: MemoryFiles, directory: string) {
    this.#disk = disk
    this.#directory = directory
  }

  /** Asserts that no name has another content than before. */
  look(): void {
    for (const [path, bytes] of this.#disk.published(this.#directory)) {
      const before = this.#seen.get(path)
      if (before === undefined) this.#seen.set(path, Buffer.from(bytes))
      else assert.ok(before.equals(bytes), `${path} has changed`)
    }
  }

  seen(): ReadonlyMap<string, Buffer> {
    this.look()
    return this.#seen
  }

  /** Moves away all that is published, durably. */
  moveAway(): void {
    this.look()
    this.#disk.takeAway(this.#directory)
  }
}
