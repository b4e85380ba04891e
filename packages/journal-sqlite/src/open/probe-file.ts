import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'
import { JournalOpenError } from '../journal-open-error.ts'
import { applicationId } from './migrations.ts'
import { openError } from './open-error.ts'

/** What is at a path: a journal with its schema version, or nothing yet. */
export type Probe = { readonly kind: 'nothing' } | { readonly kind: 'journal'; readonly version: number }

/**
 * Examines the file read-only, so that a newer, damaged or foreign file stays unchanged. Throws `damaged` if
 * it is not a journal.
 */
export function probeFile(path: string): Probe {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (bytes === 0) return { kind: 'nothing' }
  // SQLite treats a file shorter than the smallest page as empty, and would overwrite it.
  if (bytes < 512)
    throw new JournalOpenError('damaged', `${path} is not a journal: move the file to another directory`)
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    try {
      return readProbe(path, database)
    } finally {
      database.close()
    }
  } catch (error) {
    throw openError(path, error)
  }
}

function readProbe(path: string, database: DatabaseSync): Probe {
  const found = prepare<{ application: number; version: number; tables: number }>(
    database,
    `SELECT (SELECT application_id FROM pragma_application_id) AS application,
       (SELECT user_version FROM pragma_user_version) AS version,
       (SELECT count(*) FROM sqlite_schema) AS tables`,
  ).get()
  if (found === undefined) throw new Error('the query returned no row')
  if (found.application === applicationId) return { kind: 'journal', version: found.version }
  if (found.application === 0 && found.version === 0 && found.tables === 0) return { kind: 'nothing' }
  throw new JournalOpenError(
    'damaged',
    `${path} is a SQLite database, but not a journal of cdrstream: move the file to another directory`,
  )
}
