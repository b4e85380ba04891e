import type { DatabaseSync } from 'node:sqlite'
import { freeDiskBytes, pageCounts } from '../database/room.ts'
import { inTransaction } from '../database/transaction.ts'

const stepPages = 1_024
const minReservePages = 8_192

/**
 * Shrinks the file by some of its free pages, and returns whether more remain. Normally some pages are kept
 * in reserve for the next records. If the disk is short of space, none are kept, because nothing is written
 * until there is space again.
 */
export function giveBackPages(database: DatabaseSync, minFreeDiskBytes: number): boolean {
  const { pages, freePages } = pageCounts(database)
  const isShort = freeDiskBytes(database) <= minFreeDiskBytes
  const surplus = freePages - (isShort ? 0 : Math.max(minReservePages, Math.floor(pages / 8)))
  if (surplus <= 0) return false
  inTransaction(database, () => database.exec(`PRAGMA incremental_vacuum(${Math.min(surplus, stepPages)})`))
  if (surplus > stepPages) return true
  // The file shrinks only after the WAL has been copied into it.
  database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  return false
}
