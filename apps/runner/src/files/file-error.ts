import { processUser } from './process-user.ts'

/** Returns why a file could not be read or written, as the end of a sentence that names the file. */
export function fileErrorText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `the user ${processUser()} has no permission (${code}): run cdrstream as the user that runs the collector, or grant this user access`
    case 'EROFS':
      return `the file system is mounted read-only (${code})`
    case 'ENOENT':
      return `there is no such file (${code})`
    case 'EISDIR':
      return `it is a directory (${code})`
    case 'ENAMETOOLONG':
      return `the name is too long (${code})`
    case 'ELOOP':
      return `the path contains a loop of symbolic links (${code})`
    case 'ENOSPC':
      return `the disk is full (${code})`
    default:
      return code
  }
}

/** Returns one line for a system error that names a file, or undefined for any other error. */
export function fileErrorLine(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('path' in error) || typeof error.path !== 'string') return undefined
  return `${shownFile(error.path)}: ${fileErrorText(error)}`
}

/** Longer than typical paths, and short enough for one or two terminal lines. */
const mostShown = 200

/** Returns a path for a message, shortened to its beginning if it is very long. */
export function shownFile(path: string): string {
  return path.length <= mostShown ? path : `${path.slice(0, mostShown)}…`
}
