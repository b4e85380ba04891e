import { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'
import { JournalOpenError } from '../journal-open-error.ts'
import type { JournalOptions } from '../journal-options.ts'
import { createFile } from './create-file.ts'
import { migrate } from './migrate.ts'
import { schemaVersion } from './migrations.ts'
import { openError } from './open-error.ts'
import { probeFile } from './probe-file.ts'

const busyTimeoutMs = 5_000
const pageBytes = 8_192
const walBytes = 64 * 1_024 * 1_024
/** Small, because little of the data is read repeatedly. */
const cacheKib = 8_192

/** The tables that are small enough to be checked completely at every startup. */
const checkedTables = ['meta', 'org', 'scope', 'coverage', 'budget', 'sink', 'sink_gap', 'commit_log']

/**
 * Opens the file with the current schema, or throws a `JournalOpenError`. A collector must already hold the
 * lock.
 */
export function openDatabase(path: string, access: JournalOptions['access']): DatabaseSync {
  const probe = probeFile(path)
  const version = probe.kind === 'journal' ? probe.version : 0
  if (version > schemaVersion) {
    throw new JournalOpenError(
      'newer-schema',
      `${path} was written by a newer cdrstream (schema ${version}; this version supports up to ${schemaVersion})`,
    )
  }
  if (access !== 'collector') {
    if (probe.kind === 'nothing')
      throw new JournalOpenError(
        'not-found',
        `${path}: the journal does not exist yet; a collector creates it`,
      )
    if (version < schemaVersion) {
      throw new JournalOpenError(
        'older-schema',
        `${path} was written by an older cdrstream: start the collector to migrate it`,
      )
    }
  } else if (probe.kind === 'nothing') {
    createFile(path)
  }
  return prepareDatabase(path, access, probe.kind === 'nothing')
}

function prepareDatabase(path: string, access: JournalOptions['access'], isNew: boolean): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: access === 'reader', timeout: busyTimeoutMs })
    if (isNew) initializeFile(path, database)
    setPragmas(database)
    if (access === 'collector') migrate(database)
    // If the file is not writable, SQLite silently opens it read-only. This statement detects it.
    if (access !== 'reader') database.exec('BEGIN IMMEDIATE; ROLLBACK')
    checkTables(path, database)
    return database
  } catch (error) {
    database?.close()
    throw openError(path, error)
  }
}

/**
 * Sets options that cannot be changed later. Page size and vacuum mode must be set before the journal mode.
 */
function initializeFile(path: string, database: DatabaseSync): void {
  database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA auto_vacuum = INCREMENTAL`)
  const mode = prepare<{ journal_mode: string }>(database, 'PRAGMA journal_mode = WAL').get()?.journal_mode
  if (mode === 'wal') return
  throw new JournalOpenError(
    'not-writable',
    `${path}: the file system does not support a write-ahead log (no shared memory)`,
  )
}

function setPragmas(database: DatabaseSync): void {
  // On macOS, fsync alone does not guarantee that data is on disk; fullfsync does.
  database.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${cacheKib};
    PRAGMA wal_autocheckpoint = ${walBytes / pageBytes};
    PRAGMA journal_size_limit = ${walBytes}`)
}

/** Checks only the small tables and both ends of the log, because a full check would read gigabytes. */
function checkTables(path: string, database: DatabaseSync): void {
  for (const table of checkedTables) {
    const found = prepare<{ quick_check: string }>(database, `PRAGMA quick_check(${table})`).get()
      ?.quick_check
    if (found !== 'ok')
      throw new JournalOpenError(
        'damaged',
        `${path} is damaged: restore a backup or move the file to another directory`,
        {
          cause: found,
        },
      )
  }
  prepare(database, 'SELECT min(last_offset), max(last_offset) FROM block').get()
}
