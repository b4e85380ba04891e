import { dirname } from 'node:path'
import { nodeTokenFiles } from './node-token-files.ts'
import type { TokenFiles } from './token-files.ts'
import { parseSignIn, printSignIn, type TokenStore } from './token-store.ts'

/**
 * Keeps a sign-in in a file of its own (0600). The file is replaced as a whole: after a crash or a power cut
 * at any moment it has the old content or the new one. `path`: absolute; beside it `path.new` is used. Its
 * directory is made (0700) if it is missing, the one above must be there.
 */
export function tokenFile(path: string, files: TokenFiles = nodeTokenFiles()): TokenStore {
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
      // Each time: whoever made it may have crashed before this.
      await files.syncDirectory(dirname(directory))
      const next = `${path}.new`
      // A crash may have left one.
      await files.remove(next)
      await files.create(next, printSignIn(signIn))
      await files.sync(next)
      await files.rename(next, path)
      await files.syncDirectory(directory)
    },
  }
}
