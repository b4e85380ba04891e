import { accessSync, constants } from 'node:fs'
import { dirname } from 'node:path'
import { type SqliteFault, sqliteFault } from '../database/sqlite-fault.ts'
import { JournalOpenError } from '../journal-open-error.ts'
import { noAccess, systemCode } from './no-access.ts'

/** Returns the `JournalOpenError` for a SQLite error during opening. Returns any other error unchanged. */
export function openError(path: string, error: unknown): unknown {
  const fault = sqliteFault(error)
  if (fault === undefined) return error
  return explain(path, fault, error)
}

/** Returns the `JournalOpenError` for an error of SQLite while reading; undefined for any other error. */
export function journalOpenError(path: string, error: unknown): JournalOpenError | undefined {
  const explained = openError(path, error)
  return explained instanceof JournalOpenError ? explained : undefined
}

function explain(path: string, fault: SqliteFault, cause: unknown): unknown {
  switch (fault) {
    case 'corrupt':
      return new JournalOpenError(
        'damaged',
        `${path} is damaged or not a journal: restore a backup or move the file to another directory`,
        { cause },
      )
    // Tables of the stated schema version are missing.
    case 'sql':
      return new JournalOpenError(
        'damaged',
        `${path} is missing journal tables: restore a backup or move the file to another directory`,
        { cause },
      )
    case 'busy':
      return new JournalOpenError('locked', `${path} is in use by another process`, { cause })
    case 'full':
      return new JournalOpenError('not-writable', `${path} cannot be written: the disk is full`, { cause })
    case 'read-only':
    case 'cannot-open':
    case 'io':
      return notWritable(path, cause)
    case 'other':
      return cause
  }
}

/**
 * Finds the reason that SQLite does not report: missing permission on the file or its directory, or a
 * read-only mount.
 */
export function notWritable(path: string, cause: unknown): JournalOpenError {
  for (const place of [dirname(path), path]) {
    try {
      accessSync(place, constants.R_OK | constants.W_OK)
    } catch (error) {
      const denied = noAccess(place, error)
      if (denied instanceof JournalOpenError) return denied
      if (systemCode(error) === 'EROFS') {
        return new JournalOpenError('not-writable', `${path} is on a file system that is mounted read-only`, {
          cause,
        })
      }
    }
  }
  return new JournalOpenError('not-writable', `${path} cannot be opened or written`, { cause })
}
