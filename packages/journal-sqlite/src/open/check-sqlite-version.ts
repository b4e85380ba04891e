import { JournalOpenError } from '../journal-open-error.ts'

// In older versions, two connections that restart the WAL at the same time can corrupt the file:
// https://sqlite.org/wal.html#walresetbug
const oldest = [3, 51, 3] as const

/** Throws `old-sqlite` if the version, such as `3.51.2`, is not safe. */
export function checkSqliteVersion(version: string): void {
  const parts = version.split('.').map(Number)
  const at = oldest.findIndex((part, index) => parts[index] !== part)
  if (at === -1 || (parts[at] ?? 0) > (oldest[at] ?? 0)) return
  throw new JournalOpenError(
    'old-sqlite',
    `SQLite ${version} can corrupt the journal: use a Node version with SQLite ${oldest.join('.')} or newer`,
  )
}
