import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { JournalOpenError } from '../journal-open-error.ts'
import { noAccess, systemCode } from './no-access.ts'

/**
 * Creates an empty file for its owner alone, and the directories that lead to it, unless it exists. An
 * existing file is never opened here: to close it would drop the locks that this process holds on it (POSIX).
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
  ENOTDIR: 'a file is in the way of its directory',
  EEXIST: 'a file is in the way of its directory',
}

/** Makes the new names outlive a loss of power. */
function syncDirectories(directory: string, firstCreated: string | undefined): void {
  const last = firstCreated === undefined ? directory : dirname(firstCreated)
  for (let at = directory; ; at = dirname(at)) {
    const handle = openSync(at, 'r')
    fsyncSync(handle)
    closeSync(handle)
    if (at === last || at === dirname(at)) return
  }
}

/** EEXIST comes also from mkdir, when a file is in the way of a directory. */
function isFilePath(error: Error, path: string): boolean {
  return 'path' in error && error.path === path
}
