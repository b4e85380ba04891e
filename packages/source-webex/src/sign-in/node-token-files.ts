import { type FileHandle, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { TokenFiles } from './token-files.ts'

/** The real file system. */
export const nodeTokenFiles: TokenFiles = {
  async makeDirectory(path) {
    try {
      await mkdir(path, { mode: 0o700 })
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error
    }
  },

  async readText(path) {
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return undefined
      throw error
    }
  },

  // `wx` follows no symbolic link that someone may have put there.
  create: (path, text) => writeFile(path, text, { flag: 'wx', mode: 0o600 }),

  sync: (path) => withFile(path, 'r+', (file) => file.sync()),

  async syncDirectory(path) {
    // Windows opens no directory; its file system keeps a journal of names.
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
