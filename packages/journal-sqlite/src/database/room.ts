import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { prepare } from './statement.ts'

/** Returns the bytes on the disk of this database that are available to this user. */
export function freeDiskBytes(database: DatabaseSync): number {
  const path = database.location()
  if (path === null) throw new Error('the database has no file')
  const { bavail, bsize } = statfsSync(dirname(path))
  return bavail * bsize
}

/** The pages of the file, in use and free. */
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
  if (counts === undefined) throw new Error('the query returned no row')
  return counts
}
