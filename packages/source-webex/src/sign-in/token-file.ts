import { dirname } from 'node:path'
import { nodeTokenFiles } from './node-token-files.ts'
import type { TokenFiles } from './token-files.ts'
import { parseSignIn, printSignIn, type TokenStore } from './token-store.ts'

/**
 * Returns a store that keeps a sign-in in a separate file (0600). The file is replaced as a whole, so after a
 * crash or a power cut it has either the old or the new content. `path` must be absolute; `path.new` is used
 * while writing. A missing directory is created (0700), but its parent must exist.
 */
export function createTokenFile(path: string, files: TokenFiles = nodeTokenFiles()): TokenStore {
  return {
    async load() {
      const text = await files.readText(path)
      if (text === undefined) return { kind: 'nothing' }
      const signIn = parseSignIn(text)
      return signIn === undefined ? { kind: 'not-understood' } : { kind: 'stored', signIn }
    },
    async save(signIn) {
      const directory = dirname(path)
      await files.makeDirectory(directory)
      // Repeated for each save, because the process that created the directory may have crashed before it was
      // durable.
      await files.syncDirectory(dirname(directory))
      const next = `${path}.new`
      // A crash may have left this file behind.
      await files.remove(next)
      await files.create(next, printSignIn(signIn))
      await files.sync(next)
      await files.rename(next, path)
      await files.syncDirectory(directory)
    },
  }
}
