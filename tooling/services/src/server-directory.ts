import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The user that a server runs as. If empty, this process's user. */
export interface User {
  readonly uid?: number
  readonly gid?: number
}

export interface ServerDirectory {
  readonly path: string
  readonly user: User
  /** Creates a subdirectory owned by the server's user. */
  own(name: string): string
}

/** Both servers refuse to run as root. This is `nobody` on most systems. */
const unprivileged = { uid: 65_534, gid: 65_534 }

/** Creates a temporary directory for a server, which its user can read. */
export function serverDirectory(name: string): ServerDirectory {
  const path = mkdtempSync(join(tmpdir(), `cdrstream-${name}-`))
  chmodSync(path, 0o755)
  const user = process.getuid?.() === 0 ? unprivileged : {}
  return {
    path,
    user,
    own: (inner) => {
      const at = join(path, inner)
      mkdirSync(at, { mode: 0o700 })
      changeOwner(user, at)
      return at
    },
  }
}

export function changeOwner({ uid, gid }: User, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

/**
 * Copies a tree from the cache, which other users may be unable to reach. Uses hard links where possible,
 * because the files are only read.
 */
export function copyTree(from: string, to: string): void {
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' })
  } catch {
    execFileSync('rm', ['-rf', to])
    execFileSync('cp', ['-a', from, to])
  }
  execFileSync('chmod', ['-R', 'a+rX', to])
}
