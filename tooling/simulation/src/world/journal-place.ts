import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openJournal, type SqliteJournal } from '@cdrstream/journal-sqlite'

export interface JournalLimits {
  readonly keepMs?: number
  readonly maxBytes?: number
  readonly rememberMs?: number
}

/** The files of the journal. They are reopened for each process, and can be copied, restored and removed. */
export class JournalPlace {
  readonly #directory: string
  readonly #limits: JournalLimits
  readonly #newId: () => string
  #places = 0
  #journal: SqliteJournal | undefined

  constructor(directory: string, limits: JournalLimits, newId: () => string) {
    this.#directory = directory
    this.#limits = limits
    this.#newId = newId
  }

  get journal(): SqliteJournal {
    if (this.#journal === undefined) throw new Error('the journal is not open')
    return this.#journal
  }

  async open(nowMs: () => number): Promise<void> {
    this.#journal = await openJournal({
      ...this.#limits,
      path: this.#path(),
      access: 'collector',
      minFreeDiskBytes: 0,
      nowMs: () => Math.floor(nowMs()),
      randomId: this.#newId,
    })
  }

  async close(): Promise<void> {
    await this.#journal?.close()
    this.#journal = undefined
  }

  /** Continues with the files as a machine crash leaves them, with a WAL not yet copied into the database. */
  async crash(): Promise<void> {
    const from = this.#path()
    this.#places += 1
    await mkdir(join(from, '..', '..', String(this.#places)))
    await copyFile(from, this.#path())
    await copyFile(`${from}-wal`, `${this.#path()}-wal`).catch(ignoreMissing)
    await this.close()
  }

  /** Copies the files of a closed journal. */
  async backUp(): Promise<void> {
    await copyFile(this.#path(), this.#backUpPath())
  }

  async restore(): Promise<void> {
    await this.remove()
    await copyFile(this.#backUpPath(), this.#path())
  }

  async remove(): Promise<void> {
    for (const end of ['', '-wal', '-shm', '.lock']) await rm(`${this.#path()}${end}`, { force: true })
  }

  #path(): string {
    return join(this.#directory, String(this.#places), 'journal.db')
  }

  #backUpPath(): string {
    return join(this.#directory, 'back-up.db')
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}
