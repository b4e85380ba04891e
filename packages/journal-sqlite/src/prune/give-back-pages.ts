import type { DatabaseSync } from 'node:sqlite'
import { freeDiskBytes, pageCounts } from '../database/room.ts'
import { inTransaction } from '../database/transaction.ts'

const stepPages = 1_024
const leastReservePages = 8_192

/**
 * Makes the file shorter by some free pages. Normally a reserve stays for what comes next; none when the disk
 * is short of room, because then nothing is written before there is some. Returns whether there is more to
 * give back.
 */
export function giveBackPages(database: DatabaseSync, minFreeDiskBytes: number): boolean {
  const { pages, freePages } = pageCounts(database)
  const isShort = freeDiskBytes(database) <= minFreeDiskBytes
  const surplus = freePages - (isShort ? 0 : Math.max(leastReservePages, Math.floor(pages / 8)))
  if (surplus <= 0) return false
  inTransaction(database, () => database.exec(`PRAGMA incremental_vacuum(${Math.min(surplus, stepPages)})`))
  if (surplus > stepPages) return true
  // The file is cut when the WAL has been copied into it.
  database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  return false
}
