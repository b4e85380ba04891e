import { constants } from 'node:fs'
import {
  access,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  statfs,
  unlink,
} from 'node:fs/promises'
import { errorCode } from '@cdrstream/sink-kit'
import type { Files } from './files.ts'

const chunkBytes = 1_048_576
const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
/** If someone else removed a file, appending must fail instead of creating a file without its first half. */
const openFlags = { new: O_WRONLY | O_CREAT | O_EXCL, existing: O_WRONLY | O_APPEND | O_NOFOLLOW }

/** The real file system. */
export const nodeFiles: Files = {
  async makeDirectory(path) {
    try {
      await mkdir(path, { mode: 0o700 })
      return true
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false
      throw error
    }
  },

  async look(path) {
    try {
      const stats = await lstat(path)
      const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other'
      return { kind, bytes: stats.size }
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined
      throw error
    }
  },

  list: (directory) => readdir(directory),

  async readText(path) {
    try {
      return await readFile(path, 'utf8')
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined
      throw error
    }
  },

  async *readChunks(path) {
    const file = await open(path, 'r')
    try {
      while (true) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, null)
        if (bytesRead === 0) return
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      await file.close()
    }
  },

  append: (path, chunks, to) => withFile(path, openFlags[to], (file) => appendChunks(file, chunks)),

  sync: (path) => withFile(path, 'r+', (file) => file.sync()),

  async syncDirectory(path) {
    // Windows cannot open a directory to sync it, but its file system journals names.
    if (process.platform === 'win32') return
    await withFile(path, 'r', (directory) => directory.sync())
  },

  rename: (from, to) => rename(from, to),

  remove: (path) => unlink(path),

  async mayWrite(directory) {
    try {
      await access(directory, constants.W_OK | constants.X_OK)
      return true
    } catch {
      return false
    }
  },

  async freeBytes(directory) {
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize
  },
}

async function withFile<Result>(
  path: string,
  flags: string | number,
  work: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  const file = await open(path, flags, 0o600)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

/** Writes each chunk while the next one is produced. */
async function appendChunks(file: FileHandle, chunks: Iterable<Uint8Array>): Promise<number> {
  let bytes = 0
  let writing = Promise.resolve()
  try {
    for (const chunk of chunks) {
      await writing
      writing = writeAll(file, chunk)
      bytes += chunk.length
    }
  } finally {
    await writing
  }
  return bytes
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
}
