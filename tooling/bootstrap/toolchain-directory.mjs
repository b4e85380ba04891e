import { statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns the directory in the user's cache that contains Node, pnpm and other programs. */
export function toolchainDirectory() {
  return join(cacheDirectory(), 'cdrstream', 'toolchain')
}

/**
 * Returns the path of a cache entry, such as `toolchain` and its name. The entry may not exist. Throws if
 * another user could have put programs there, because they would run with this user's permissions.
 */
export function trustedEntry([group, name], users = trustedUsers()) {
  const own = join(cacheDirectory(), 'cdrstream')
  const at = join(own, group, name)
  for (const directory of [own, dirname(at), at]) {
    const problem = problemOf(directory, users)
    if (problem === undefined) continue
    throw new Error(
      `The programs in ${at} are not used, because ${directory} ${problem}: ` +
        'set XDG_CACHE_HOME to a directory that only this user can write to',
    )
  }
  return at
}

/** Returns the ids of root, this user and the clone's owner, whose programs run here anyway. */
function trustedUsers() {
  const own = process.getuid?.()
  // Windows protects the user's cache with access control lists.
  return own === undefined ? undefined : [0, own, statSync(fileURLToPath(import.meta.url)).uid]
}

function problemOf(directory, users) {
  const stats = statsOf(directory)
  if (stats === undefined || users === undefined) return undefined
  if (!users.includes(stats.uid)) return `belongs to another user (uid ${stats.uid})`
  return stats.mode & 0o002 ? 'can be written to by every user' : undefined
}

/** Returns undefined for a directory that is missing or inaccessible, because nothing can be run from it. */
function statsOf(directory) {
  try {
    return statSync(directory)
  } catch {
    return undefined
  }
}

/** A service user's home directory can be missing. The message explains how to fix that. */
export async function makeToolchainDirectory() {
  const at = toolchainDirectory()
  try {
    await mkdir(at, { recursive: true })
  } catch (cause) {
    if (!['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(cause.code)) throw cause
    throw new Error(
      `The cache directory ${at} cannot be created (${cause.code}): ` +
        'set XDG_CACHE_HOME to a writable directory, or install Node 24.15 or newer and pnpm 11 for all users',
    )
  }
}

function cacheDirectory() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA
  return process.platform === 'darwin' ? join(home(), 'Library', 'Caches') : join(home(), '.cache')
}

function home() {
  try {
    return homedir()
  } catch {
    // There is neither HOME nor an entry in the user database. The error about this path appears only if the
    // cache is needed.
    return '/dev/null'
  }
}
