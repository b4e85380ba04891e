import { userInfo } from 'node:os'
import { JournalOpenError } from '../journal-open-error.ts'

/** Returns the code of a system error, such as `ENOENT`, or undefined if the error has none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/**
 * Returns a `no-access` error if this user lacks permission for the file. Returns any other error unchanged.
 */
export function noAccess(path: string, error: unknown): unknown {
  const code = systemCode(error)
  if (code !== 'EACCES' && code !== 'EPERM') return error
  return new JournalOpenError(
    'no-access',
    `${userText()} is not allowed to open ${path} (${code}): run cdrstream as the user who collects`,
    { cause: error },
  )
}

/** Returns the user of this process, such as `the user cdr (uid 1001)`. */
function userText(): string {
  const uid = process.geteuid?.()
  try {
    const { username } = userInfo()
    return uid === undefined ? `the user ${username}` : `the user ${username} (uid ${uid})`
  } catch {
    // The uid has no entry in the user database, as in many containers.
    return `the user with uid ${uid}`
  }
}
