import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { prepare } from './statement.ts'

/** What the disk of this database has left for us, in bytes. */
export function freeDiskBytes(database: DatabaseSync): number {
  const path = database.location()
  if (path === null) throw new Error('a database without a file')
  const { bavail, bsize } = statfsSync(dirname(path))
  return bavail * bsize
}

/** The pages of the file: all of them, and those that are free to be used again. */
export interface PageCounts {
  readonly pageBytes: number
  readonly pages: number
  readonly freePages: number
}

export function pageCounts(database: DatabaseSync): PageCounts {
  const counts = prepare<PageCounts>(
    database,
    `SELECT (SELECT page_size FROM pragma_page_size) AS pageBytes,
       (SELECT page_count FROM pragma_page_count) AS pages,
       (SELECT freelist_count FROM pragma_freelist_count) AS freePages`,
  ).get()
  if (counts === undefined) throw new Error('an aggregate without a row')
  return counts
}
