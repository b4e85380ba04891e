import { type SqliteFault, sqliteFault } from '../database/sqlite-fault.ts'
import { JournalOpenError } from '../journal-open-error.ts'

/** What an error of SQLite means while the journal is being opened. Other errors come back as they are. */
export function openError(path: string, error: unknown): unknown {
  const fault = sqliteFault(error)
  if (fault === undefined) return error
  return explain(path, fault, error)
}

function explain(path: string, fault: SqliteFault, cause: unknown): unknown {
  switch (fault) {
    case 'corrupt':
      return new JournalOpenError(
        'damaged',
        `${path} is damaged, or is no journal: restore it, or move it away`,
        { cause },
      )
    // Tables that the version promises are missing.
    case 'sql':
      return new JournalOpenError('damaged', `${path} does not have the tables of a journal`, { cause })
    case 'busy':
      return new JournalOpenError('locked', `${path} is in use by another process`, { cause })
    case 'full':
      return new JournalOpenError('not-writable', `${path} cannot be written: the disk is full`, { cause })
    case 'read-only':
    case 'cannot-open':
    case 'io':
      return new JournalOpenError('not-writable', `${path} cannot be opened or written`, { cause })
    case 'other':
      return cause
  }
}
