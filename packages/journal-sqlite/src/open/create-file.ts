import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { JournalOpenError } from '../journal-open-error.ts'
import { noAccess, systemCode } from './no-access.ts'

/**
 * Creates an empty file, and its directories, accessible only to their owner. Does nothing if the file
 * exists, and must not open it, because closing it would release the POSIX locks that this process holds on
 * the file.
 */
export function createFile(path: string): void {
  try {
    const firstCreated = mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    closeSync(openSync(path, 'wx', 0o600))
    syncDirectories(dirname(path), firstCreated)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST' && isFilePath(error, path))
      return
    const denied = noAccess(path, error)
    if (denied instanceof JournalOpenError) throw denied
    const code = systemCode(error) ?? 'unknown'
    throw new JournalOpenError('not-writable', `${path} cannot be created: ${reasons[code] ?? code}`, {
      cause: error,
    })
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is mounted read-only',
  ENOTDIR: 'a parent of this path is a file, not a directory',
  EEXIST: 'the parent of this path exists, but is not a directory',
}

/** Makes the new directory entries survive a power failure. */
function syncDirectories(directory: string, firstCreated: string | undefined): void {
  const last = firstCreated === undefined ? directory : dirname(firstCreated)
  for (let at = directory; ; at = dirname(at)) {
    const handle = openSync(at, 'r')
    fsyncSync(handle)
    closeSync(handle)
    if (at === last || at === dirname(at)) return
  }
}

/** mkdir also reports EEXIST, if a file exists where a directory is needed. */
function isFilePath(error: Error, path: string): boolean {
  return 'path' in error && error.path === path
}
