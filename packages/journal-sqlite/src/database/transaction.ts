import type { DatabaseSync } from 'node:sqlite'
import { JournalFullError } from '@cdrstream/engine'
import { freeDiskBytes } from './room.ts'
import { sqliteFault } from './sqlite-fault.ts'

/**
 * Runs `work` in one transaction that is alone in writing, also against other processes. When it throws,
 * nothing was changed: `JournalFullError` if that is for want of room.
 */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  try {
    database.exec('BEGIN IMMEDIATE')
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has rolled back by itself after some errors.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw isWantOfRoom(database, error)
      ? new JournalFullError('the journal has no room', { cause: error })
      : error
  }
}

/** All that `work` reads is of one moment. */
export function inSnapshot<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN')
  try {
    return work()
  } finally {
    database.exec('ROLLBACK')
  }
}

// Of a full disk SQLite tells some calls (fsync, growing the -shm file) only as an I/O error.
const fullDiskBytes = 1_000_000

function isWantOfRoom(database: DatabaseSync, error: unknown): boolean {
  const fault = sqliteFault(error)
  return fault === 'full' || (fault === 'io' && freeDiskBytes(database) < fullDiskBytes)
}
