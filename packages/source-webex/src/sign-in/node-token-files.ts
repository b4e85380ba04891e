import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { judgeOwnFile, modeText, refusedOwnDirectory } from '@cdrstream/core/file-trust'
import { type TokenFiles, UntrustedFile } from './token-files.ts'

/** Does not follow a symbolic link or wait for a pipe. Windows has neither flag. */
const readFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Called when a file that others could read was made private (0600). `mode` is the previous mode, such as
 * `0644`.
 */
export type OnTightened = (path: string, mode: string) => void

/**
 * Returns the real file system. A file that others can read is made private only if `onTightened` is given,
 * so that it is never changed silently.
 */
export function nodeTokenFiles(onTightened?: OnTightened): TokenFiles {
  return { ...files, readText: (path) => readText(path, onTightened) }
}

async function readText(path: string, onTightened: OnTightened | undefined): Promise<string | undefined> {
  let file: FileHandle
  try {
    file = await open(path, readFlags)
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP') throw new UntrustedFile(`${path} is a link: remove it`)
    throw error
  }
  try {
    const facts = await file.stat()
    const trust = judgeOwnFile(path, facts, process.geteuid?.())
    if (trust.kind === 'refused') throw new UntrustedFile(trust.reason)
    await expectOwnDirectory(path)
    if (trust.kind === 'loose' && onTightened !== undefined) {
      await file.chmod(0o600)
      onTightened(path, modeText(facts))
    }
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

/** Throws an `UntrustedFile` if another user can replace the file. */
async function expectOwnDirectory(path: string): Promise<void> {
  const directory = dirname(path)
  const reason = refusedOwnDirectory(directory, await stat(directory), process.geteuid?.())
  if (reason !== undefined) throw new UntrustedFile(reason)
}

const files: Omit<TokenFiles, 'readText'> = {
  async makeDirectory(path) {
    try {
      await mkdir(path, { mode: 0o700 })
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error
    }
  },

  // `wx` does not follow a symbolic link.
  async create(path, text) {
    await expectOwnDirectory(path)
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
  },

  sync: (path) => withFile(path, 'r+', (file) => file.sync()),

  async syncDirectory(path) {
    // Windows cannot open a directory to sync it, but its file system journals names.
    if (process.platform === 'win32') return
    await withFile(path, 'r', (directory) => directory.sync())
  },

  rename: (from, to) => rename(from, to),

  remove: (path) => rm(path, { force: true }),
}

async function withFile(
  path: string,
  flags: string,
  work: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags)
  try {
    await work(file)
  } finally {
    await file.close()
  }
}
