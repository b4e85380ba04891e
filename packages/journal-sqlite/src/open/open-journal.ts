import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { type WholeMs, wholeMs } from '@cdrstream/core'
import { prepare } from '../database/statement.ts'
import { inTransaction } from '../database/transaction.ts'
import { JournalOpenError } from '../journal-open-error.ts'
import { type JournalOptions, journalDefaults } from '../journal-options.ts'
import { type SqliteJournal, sqliteJournal } from '../sqlite-journal.ts'
import { checkSqliteVersion } from './check-sqlite-version.ts'
import { claimFiles } from './claim-files.ts'
import { takeLock } from './journal-lock.ts'
import { openDatabase } from './open-database.ts'
import { openError } from './open-error.ts'

/** Opens a journal. Throws a `JournalOpenError` for failures that the user can fix. */
export async function openJournal(options: JournalOptions): Promise<SqliteJournal> {
  checkSqliteVersion(process.versions.sqlite ?? '0')
  const settings = { ...journalDefaults, nowMs: Date.now, randomId, ...options }
  const { path, access, nowMs } = settings
  claimFiles(path, settings)
  const lock = access === 'collector' ? takeLock(path, randomId(), wholeMs(nowMs())) : undefined
  try {
    const database = openDatabase(path, access)
    try {
      claimFiles(path, settings)
      if (access === 'collector') beginIncarnation(database, settings.randomId(), wholeMs(nowMs()))
      return sqliteJournal(database, readIncarnation(path, database), settings, lock)
    } catch (error) {
      database.close()
      throw openError(path, error)
    }
  } catch (error) {
    lock?.release()
    throw error
  }
}

function beginIncarnation(database: DatabaseSync, incarnation: string, nowMs: WholeMs): void {
  const insert = prepare(
    database,
    'INSERT INTO meta (id, incarnation, created_at_ms) VALUES (1, ?, ?) ON CONFLICT DO NOTHING',
  )
  inTransaction(database, () => insert.run(incarnation, nowMs))
}

function readIncarnation(path: string, database: DatabaseSync): string {
  const row = prepare<{ incarnation: string }>(database, 'SELECT incarnation FROM meta').get()
  // The collector that is creating the journal has not reached this point yet.
  if (row === undefined)
    throw new JournalOpenError('not-found', `${path}: the journal does not exist yet; a collector creates it`)
  return row.incarnation
}

function randomId(): string {
  return randomBytes(8).toString('hex')
}
