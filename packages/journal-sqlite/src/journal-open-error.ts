/**
 * Why a journal cannot be opened:
 * - `locked`: another collector uses it; `holder` names the process
 * - `not-found`: the journal does not exist yet; a collector creates it
 * - `damaged`: the file is damaged, or is not a journal
 * - `newer-schema`: a newer cdrstream wrote it; nothing was changed
 * - `older-schema`: an older cdrstream wrote it; a collector migrates it
 * - `not-writable`: the directory or the file cannot be created, opened or written
 * - `no-access`: the user of this process lacks permission
 * - `untrusted`: another user may have written or may replace the journal, its lock, or the files that SQLite
 *   keeps beside them
 * - `old-sqlite`: the SQLite of this Node can corrupt files (before 3.51.3)
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

/** An expected failure to open a journal. The message is one line for the user. */
export class JournalOpenError extends Error {
  override readonly name = 'JournalOpenError'
  readonly code: JournalOpenCode
  /** The process that holds the journal, if the code is `locked` and the holder is known. */
  readonly holder: LockHolder | undefined

  constructor(code: JournalOpenCode, message: string, more: { holder?: LockHolder; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.code = code
    this.holder = more.holder
  }
}
