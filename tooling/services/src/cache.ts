import { dirname, join } from 'node:path'
import { fromNpm, toolchainDirectory } from '../../bootstrap/from-npm.mjs'

export { fromNpm }

/** Where something is kept in the user's cache that does not come from npm. */
export function cached(name: string): string {
  return join(dirname(toolchainDirectory()), 'services', name)
}
