/**
 * Why a journal does not open:
 * - `locked`: another collector has it; `holder` says which
 * - `not-found`: there is no journal yet; a collector creates it
 * - `damaged`: the file is no database, not a journal, or broken
 * - `newer-schema`: a newer cdrstream wrote it; nothing was changed
 * - `older-schema`: an older cdrstream wrote it; a collector migrates it
 * - `not-writable`: the directory or the file cannot be created, opened or written
 * - `no-access`: the user of this process has no right to
 * - `untrusted`: another user may have written the file, its lock or what lies beside it, or can replace them
 * - `old-sqlite`: the SQLite of this Node corrupts files (before 3.51.3)
 */
export type JournalOpenCode =
  | 'locked'
  | 'not-found'
  | 'damaged'
  | 'newer-schema'
  | 'older-schema'
  | 'not-writable'
  | 'no-access'
  | 'untrusted'
  | 'old-sqlite'

/** The process that collects into a journal. */
export interface LockHolder {
  readonly pid: number
  readonly host: string
  /** When it took the lock, in milliseconds since 1970, UTC. */
  readonly sinceMs: number
}

/** An expected failure of opening. The message is one line for a person. */
export class JournalOpenError extends Error {
  override readonly name = 'JournalOpenError'
  readonly code: JournalOpenCode
  /** Who has the journal, if the code is `locked` and the holder is known. */
  readonly holder: LockHolder | undefined

  constructor(code: JournalOpenCode, message: string, more: { holder?: LockHolder; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.code = code
    this.holder = more.holder
  }
}
