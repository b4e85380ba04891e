import { fromNpm, removeAbandonedDrafts } from '../../bootstrap/from-npm.mjs'
import { trustedEntry } from '../../bootstrap/toolchain-directory.mjs'

export { fromNpm, removeAbandonedDrafts }

/** Returns the place in the cache of the user for something that does not come from npm. */
export function cached(name: string): string {
  return trustedEntry(['services', name])
}
