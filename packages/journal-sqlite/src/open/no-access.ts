import { userInfo } from 'node:os'
import { JournalOpenError } from '../journal-open-error.ts'

/** Returns the code of a system error, such as `ENOENT`; undefined if it is none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/**
 * Returns what a person is told where the system does not let this user at a file. Other errors stay as they
 * are.
 */
export function noAccess(path: string, error: unknown): unknown {
  const code = systemCode(error)
  if (code !== 'EACCES' && code !== 'EPERM') return error
  return new JournalOpenError(
    'no-access',
    `${userText()} may not open ${path} (${code}): run cdrstream as the user who collects`,
    { cause: error },
  )
}

/** The user of this process: `cdr (uid 1001)`. */
function userText(): string {
  const uid = process.geteuid?.()
  try {
    const { username } = userInfo()
    return uid === undefined ? `the user ${username}` : `the user ${username} (uid ${uid})`
  } catch {
    // A uid without an entry in the user database, as in many containers.
    return `the user with uid ${uid}`
  }
}
