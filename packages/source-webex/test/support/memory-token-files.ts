import { dirname } from 'node:path'
import type { TokenFiles } from '../../src/sign-in/token-files.ts'

interface Inode {
  text: string
  durable: boolean
}

type Names = Map<string, Inode | 'directory'>
type Change = (names: Names) => void

/**
 * In-memory files. A power cut loses everything that was not durable: the text of a file that was not synced,
 * and some or all of the latest name changes in a directory that was not synced.
 */
export class MemoryTokenFiles implements TokenFiles {
  #names: Names = new Map([
    ['/', 'directory'],
    ['/data', 'directory'],
  ])
  #durableNames: Names = new Map(this.#names)
  #unsynced: { readonly directory: string; readonly change: Change }[] = []

  /** `survivors`: how many of the unsynced name changes survive by chance. */
  cutPower(survivors: number): void {
    for (const { change } of this.#unsynced.slice(0, survivors)) change(this.#durableNames)
    this.#unsynced = []
    this.#names = new Map([...this.#durableNames].filter(([path]) => this.#isReachable(path)))
    this.#durableNames = new Map(this.#names)
    for (const node of this.#names.values()) {
      if (node !== 'directory' && !node.durable) node.text = node.text.slice(0, node.text.length / 2)
    }
  }

  texts(): ReadonlyMap<string, string> {
    return new Map(
      [...this.#names].flatMap(([path, node]) => (node === 'directory' ? [] : [[path, node.text] as const])),
    )
  }

  async makeDirectory(path: string): Promise<void> {
    if (!this.#names.has(path)) this.#change(path, (names) => names.set(path, 'directory'))
  }

  async readText(path: string): Promise<string | undefined> {
    return this.#names.has(path) ? this.#file(path).text : undefined
  }

  async create(path: string, text: string): Promise<void> {
    if (this.#names.has(path)) throw systemError('EEXIST')
    const inode: Inode = { text, durable: false }
    this.#change(path, (names) => names.set(path, inode))
  }

  async sync(path: string): Promise<void> {
    this.#file(path).durable = true
  }

  async syncDirectory(path: string): Promise<void> {
    if (this.#names.get(path) !== 'directory') throw systemError('ENOENT')
    for (const { directory, change } of this.#unsynced) if (directory === path) change(this.#durableNames)
    this.#unsynced = this.#unsynced.filter(({ directory }) => directory !== path)
  }

  async rename(from: string, to: string): Promise<void> {
    const inode = this.#file(from)
    this.#change(to, (names) => {
      names.delete(from)
      names.set(to, inode)
    })
  }

  async remove(path: string): Promise<void> {
    if (this.#names.has(path)) this.#change(path, (names) => names.delete(path))
  }

  #file(path: string): Inode {
    const node = this.#names.get(path)
    if (node === undefined || node === 'directory') throw systemError('ENOENT')
    return node
  }

  #isReachable(path: string): boolean {
    return ['/', '/data'].includes(path) || this.#durableNames.get(dirname(path)) === 'directory'
  }

  #change(path: string, change: Change): void {
    if (this.#names.get(dirname(path)) !== 'directory') throw systemError('ENOENT')
    change(this.#names)
    this.#unsynced.push({ directory: dirname(path), change })
  }
}

export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}
