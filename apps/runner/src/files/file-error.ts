import { processUser } from './process-user.ts'

/** Returns why a file could not be read or written, as the end of a sentence that names the file. */
export function fileErrorText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `the user ${processUser()} has no permission (${code}): run cdrstream as the user that the collector runs as, or grant this user access`
    case 'EROFS':
      return `the file system is mounted read-only (${code})`
    case 'ENOENT':
      return `there is no such file (${code})`
    case 'EISDIR':
      return `it is a directory (${code})`
    case 'ENAMETOOLONG':
      return `the name is too long (${code})`
    case 'ELOOP':
      return `links in the path lead to one another (${code})`
    case 'ENOSPC':
      return `the disk is full (${code})`
    default:
      return code
  }
}

/** Returns one line for an error of the system that names a file; undefined for any other error. */
export function fileErrorLine(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('path' in error) || typeof error.path !== 'string') return undefined
  return `${shownFile(error.path)}: ${fileErrorText(error)}`
}

/** Longer than a path in use, and short enough for a line of a terminal or two. */
const mostShown = 200

/** Returns a path for a message; of a very long one, its beginning. */
export function shownFile(path: string): string {
  return path.length <= mostShown ? path : `${path.slice(0, mostShown)}…`
}
