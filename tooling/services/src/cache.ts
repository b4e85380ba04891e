import { dirname, join } from 'node:path'
import { fromNpm, toolchainDirectory } from '../../bootstrap/from-npm.mjs'

export { fromNpm }

/** Returns the path in the user's cache for a download that does not come from npm. */
export function cached(name: string): string {
  return join(dirname(toolchainDirectory()), 'services', name)
}
