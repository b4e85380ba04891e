import { fromNpm, removeAbandonedDrafts } from '../../bootstrap/from-npm.mjs'
import { trustedEntry } from '../../bootstrap/toolchain-directory.mjs'

export { fromNpm, removeAbandonedDrafts }

/** Returns the path in the user's cache for a download that does not come from npm. */
export function cached(name: string): string {
  return trustedEntry(['services', name])
}
