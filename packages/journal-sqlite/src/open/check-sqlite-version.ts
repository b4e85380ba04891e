import { JournalOpenError } from '../journal-open-error.ts'

// Before, two connections that restart the WAL at once can corrupt the file:
// https://sqlite.org/wal.html#walresetbug
const oldest = [3, 51, 3] as const

/** Throws `old-sqlite` for a version (`3.51.2`) that is not safe. */
export function checkSqliteVersion(version: string): void {
  const parts = version.split('.').map(Number)
  const at = oldest.findIndex((part, index) => parts[index] !== part)
  if (at === -1 || (parts[at] ?? 0) > (oldest[at] ?? 0)) return
  throw new JournalOpenError(
    'old-sqlite',
    `SQLite ${version} is not safe for the journal: use a Node with ${oldest.join('.')} or newer`,
  )
}
