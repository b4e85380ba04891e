import type { DatabaseSync } from 'node:sqlite'
import { JournalFullError } from '@cdrstream/engine'
import { freeDiskBytes } from './room.ts'
import { sqliteFault } from './sqlite-fault.ts'

/**
 * Runs `work` in a transaction that excludes all other writers, including other processes. If it throws,
 * nothing was changed. Throws `JournalFullError` if the disk or the file is full.
 */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  try {
    database.exec('BEGIN IMMEDIATE')
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite rolls back by itself after some errors.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw isWantOfRoom(database, error)
      ? new JournalFullError('the journal is full', { cause: error })
      : error
  }
}

/** Runs `work` so that all its reads see the same state of the database. */
export function inSnapshot<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN')
  try {
    return work()
  } finally {
    database.exec('ROLLBACK')
  }
}

// If the disk is full, SQLite reports some failures (fsync, growing the -shm file) merely as I/O errors.
const fullDiskBytes = 1_000_000

function isWantOfRoom(database: DatabaseSync, error: unknown): boolean {
  const fault = sqliteFault(error)
  return fault === 'full' || (fault === 'io' && freeDiskBytes(database) < fullDiskBytes)
}
