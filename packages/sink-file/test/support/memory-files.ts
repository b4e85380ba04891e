import { dirname } from 'node:path'
import type { Entry, Files } from '../../src/files.ts'

interface Inode {
  data: Buffer
  /** How many bytes survive a power cut. */
  durableBytes: number
}

type Names = Map<string, Inode | 'directory'>

/** A name change that is not yet durable. */
interface Change {
  /** A sync of this directory makes the change durable as a whole. */
  readonly directory: string
  readonly apply: (names: Names) => void
  /** For a rename: the old name. A sync of its directory makes only the removal durable. */
  readonly gone?: string
}

/**
 * An in-memory file system that loses in a power cut what was not durable: file content written after the
 * last `sync`, and some of the latest name changes. Without a sync, a prefix of the changes in their order
 * survives, and renames survive as a whole, as in the journals of ext4, xfs and btrfs. A `syncDirectory`
 * makes only the names in that directory durable, which is all that POSIX guarantees.
 */
export class MemoryFiles implements Files {
  #names: Names = new Map([['/', 'directory']])
  #durableNames: Names = new Map(this.#names)
  #unsynced: Change[] = []

  /**
   * `chance` returns a number in [0, 1), which determines how much of the content and names that are not
   * durable is lost.
   */
  cutPower(chance: () => number): void {
    const survives = Math.floor(chance() * (this.#unsynced.length + 1))
    for (const { apply } of this.#unsynced.slice(0, survives)) apply(this.#durableNames)
    this.#unsynced = []
    this.#names = new Map([...this.#durableNames].filter(([path]) => this.#isReachable(path)))
    this.#durableNames = new Map(this.#names)
    for (const node of this.#names.values()) {
      if (node === 'directory') continue
      const bytes = node.durableBytes + Math.floor(chance() * (node.data.length - node.durableBytes + 1))
      // Space that was allocated but never written reads as zeros.
      const lost = Buffer.alloc(chance() < 0.5 ? 0 : node.data.length - bytes)
      node.data = Buffer.concat([node.data.subarray(0, bytes), lost])
      node.durableBytes = node.data.length
    }
  }

  /** Returns all files outside of dot-directories, as a reader sees them. */
  published(directory: string): ReadonlyMap<string, Buffer> {
    const files = new Map<string, Buffer>()
    for (const [path, node] of this.#names) {
      if (node === 'directory' || !path.startsWith(`${directory}/`) || path.includes('/.')) continue
      files.set(path.slice(directory.length + 1), node.data)
    }
    return files
  }

  /** Durably moves all published files to another directory. Nothing else becomes durable. */
  takeAway(directory: string): void {
    for (const path of this.published(directory).keys()) {
      this.#names.delete(`${directory}/${path}`)
      this.#durableNames.delete(`${directory}/${path}`)
    }
  }

  async makeDirectory(path: string): Promise<boolean> {
    if (this.#names.has(path)) return false
    this.#parent(path)
    this.#change(path, (names) => names.set(path, 'directory'))
    return true
  }

  async look(path: string): Promise<Entry | undefined> {
    const node = this.#names.get(path)
    if (node === undefined) return undefined
    return node === 'directory' ? { kind: 'directory', bytes: 0 } : { kind: 'file', bytes: node.data.length }
  }

  async list(directory: string): Promise<readonly string[]> {
    return [...this.#names.keys()]
      .filter((path) => dirname(path) === directory)
      .map((path) => path.slice(directory.length + 1))
  }

  async readText(path: string): Promise<string | undefined> {
    return this.#names.has(path) ? this.#file(path).data.toString() : undefined
  }

  async *readChunks(path: string): AsyncIterable<Uint8Array> {
    yield this.#file(path).data
  }

  async append(path: string, chunks: Iterable<Uint8Array>, to: 'new' | 'existing'): Promise<number> {
    if (to === 'new') {
      if (this.#names.has(path)) throw systemError('EEXIST')
      this.#parent(path)
      const inode: Inode = { data: Buffer.alloc(0), durableBytes: 0 }
      this.#change(path, (names) => names.set(path, inode))
    }
    const inode = this.#file(path)
    let bytes = 0
    for (const chunk of chunks) {
      inode.data = Buffer.concat([inode.data, chunk])
      bytes += chunk.length
    }
    return bytes
  }

  async sync(path: string): Promise<void> {
    const inode = this.#file(path)
    inode.durableBytes = inode.data.length
  }

  async syncDirectory(path: string): Promise<void> {
    if (this.#names.get(path) !== 'directory') throw systemError('ENOENT')
    for (const { directory, apply, gone } of this.#unsynced) {
      if (directory === path) apply(this.#durableNames)
      else if (gone !== undefined && dirname(gone) === path) this.#durableNames.delete(gone)
    }
    this.#unsynced = this.#unsynced.filter(({ directory }) => directory !== path)
  }

  async rename(from: string, to: string): Promise<void> {
    const inode = this.#file(from)
    this.#parent(to)
    const apply = (names: Names) => {
      names.delete(from)
      names.set(to, inode)
    }
    this.#change(to, apply, from)
  }

  async remove(path: string): Promise<void> {
    this.#file(path)
    this.#change(path, (names) => names.delete(path))
  }

  async mayWrite(): Promise<boolean> {
    return true
  }

  async freeBytes(): Promise<number> {
    return Number.MAX_SAFE_INTEGER
  }

  #file(path: string): Inode {
    const node = this.#names.get(path)
    if (node === undefined) throw systemError('ENOENT')
    if (node === 'directory') throw systemError('EISDIR')
    return node
  }

  #parent(path: string): void {
    const parent = this.#names.get(dirname(path))
    if (parent === undefined) throw systemError('ENOENT')
    if (parent !== 'directory') throw systemError('ENOTDIR')
  }

  #isReachable(path: string): boolean {
    const parent = dirname(path)
    return path === parent || (this.#durableNames.get(parent) === 'directory' && this.#isReachable(parent))
  }

  #change(path: string, apply: (names: Names) => void, gone?: string): void {
    apply(this.#names)
    this.#unsynced.push({ directory: dirname(path), apply, ...(gone !== undefined && { gone }) })
  }
}

export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** Returns the calls of an in-memory file system, so that a test can replace some of them. */
export function boundFiles(disk: MemoryFiles): Files {
  return {
    makeDirectory: (path) => disk.makeDirectory(path),
    look: (path) => disk.look(path),
    list: (path) => disk.list(path),
    readText: (path) => disk.readText(path),
    readChunks: (path) => disk.readChunks(path),
    append: (path, chunks, to) => disk.append(path, chunks, to),
    sync: (path) => disk.sync(path),
    syncDirectory: (path) => disk.syncDirectory(path),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    mayWrite: () => disk.mayWrite(),
    freeBytes: () => disk.freeBytes(),
  }
}
