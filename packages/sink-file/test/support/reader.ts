import assert from 'node:assert/strict'
import type { MemoryFiles } from './memory-files.ts'

/** A reader that reads each published file as soon as it appears, and each name once. */
export class Reader {
  readonly #disk: MemoryFiles
  readonly #directory: string
  readonly #seen = new Map<string, Buffer>()

  constructor(disk: MemoryFiles, directory: string) {
    this.#disk = disk
    this.#directory = directory
  }

  /** Reads new files, and asserts that no file's content has changed. */
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

  /** Durably moves all published files to another directory. */
  moveAway(): void {
    this.look()
    this.#disk.takeAway(this.#directory)
  }
}
