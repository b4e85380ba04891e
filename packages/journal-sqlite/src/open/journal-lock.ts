import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { sqliteFault } from '../database/sqlite-fault.ts'
import { prepare } from '../database/statement.ts'
import { JournalOpenError, type LockHolder } from '../journal-open-error.ts'
import { claimFiles, lockPath } from './claim-files.ts'
import { createFile } from './create-file.ts'
import { notWritable } from './open-error.ts'

/** The lock of a collector. The operating system releases it when the process exits, even after a crash. */
export interface JournalLock {
  release(): void
}

const busyTimeoutMs = 1_000
const maxAttempts = 50

/**
 * Takes the lock beside the journal: an open write transaction in a small SQLite database. In rollback mode,
 * others can still read the database and find out who holds the lock. Throws `locked`.
 */
export function takeLock(journalPath: string, token: string, nowMs: number): JournalLock {
  const path = lockPath(journalPath)
  createFile(path)
  const database = openLockDatabase(path)
  try {
    // The holder must be committed before the transaction that holds the lock begins. If another process
    // intervened, it has written its own token, so at most one process finds its own.
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      database.exec('BEGIN IMMEDIATE')
      if (readHolder(database)?.token === token) return { release: () => database.close() }
      writeHolder(database, { token, pid: process.pid, host: hostname(), sinceMs: nowMs })
      database.exec('COMMIT')
    }
    throw lockedError(journalPath, undefined)
  } catch (error) {
    const fault = sqliteFault(error)
    if (database.isTransaction) database.exec('ROLLBACK')
    const holder = fault === 'busy' ? readHolder(database) : undefined
    database.close()
    if (fault === 'busy') throw lockedError(journalPath, holder)
    throw fault === undefined ? error : lockFileError(path, fault === 'corrupt', error)
  }
}

/**
 * Returns the process that collects into this journal, or undefined if there is none. Throws a
 * `JournalOpenError` if the lock cannot be read.
 */
export function findHolder(journalPath: string): LockHolder | undefined {
  const path = lockPath(journalPath)
  claimFiles(journalPath, { access: 'reader' })
  if (!existsSync(path)) return undefined
  const database = openLockDatabase(path)
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ROLLBACK')
    return undefined
  } catch (error) {
    if (sqliteFault(error) !== 'busy') throw lockFileError(path, sqliteFault(error) === 'corrupt', error)
    const holder = readHolder(database)
    return holder && { pid: holder.pid, host: holder.host, sinceMs: holder.sinceMs }
  } finally {
    database.close()
  }
}

interface HolderRow extends LockHolder {
  readonly token: string
}

function openLockDatabase(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: busyTimeoutMs })
  } catch (error) {
    throw lockFileError(path, false, error)
  }
}

function readHolder(database: DatabaseSync): HolderRow | undefined {
  const tables = prepare<{ count: number }>(
    database,
    `SELECT count(*) AS count FROM sqlite_schema WHERE name = 'holder'`,
  )
  if (tables.get()?.count !== 1) return undefined
  return prepare<HolderRow>(database, 'SELECT token, pid, host, since_ms AS sinceMs FROM holder').get()
}

function writeHolder(database: DatabaseSync, holder: HolderRow): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS holder (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      token TEXT NOT NULL,
      pid INTEGER NOT NULL,
      host TEXT NOT NULL,
      since_ms INTEGER NOT NULL
    ) STRICT`)
  prepare(
    database,
    'INSERT OR REPLACE INTO holder (id, token, pid, host, since_ms) VALUES (1, ?, ?, ?, ?)',
  ).run(holder.token, holder.pid, holder.host, holder.sinceMs)
}

function lockedError(journalPath: string, holder: HolderRow | undefined): JournalOpenError {
  if (holder === undefined)
    return new JournalOpenError('locked', `${journalPath} is in use by another collector`)
  const { pid, host, sinceMs } = holder
  return new JournalOpenError(
    'locked',
    `${journalPath} has been in use by process ${pid} on ${host} since ${new Date(sinceMs).toISOString()}`,
    { holder: { pid, host, sinceMs } },
  )
}

function lockFileError(path: string, damaged: boolean, cause: unknown): JournalOpenError {
  return damaged
    ? new JournalOpenError('damaged', `${path} is damaged: stop the collector and delete the file`, { cause })
    : notWritable(path, cause)
}
