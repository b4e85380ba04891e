import { userInfo } from 'node:os'

/** Returns this process's user for a message: `cdr (uid 1001)`. */
export function processUser(): string {
  const uid = process.geteuid?.()
  try {
    const { username } = userInfo()
    return uid === undefined ? username : `${username} (uid ${uid})`
  } catch {
    // A uid need not have an entry in the user database, as in many containers.
    return `with uid ${uid}`
  }
}
