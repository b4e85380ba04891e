import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { GivenFile } from '@cdrstream/core/file-trust'

/** The facts that determine which other users can change or read a file. */
export type FileSituation = Omit<GivenFile, 'isSecret'>

/**
 * Reads a file that the user named, and its situation through the same descriptor. Throws as `readFileSync`
 * does.
 */
export function readGivenFile(path: string): {
  readonly bytes: Buffer
  readonly situation: FileSituation
} {
  const descriptor = openSync(path, 'r')
  try {
    const file = fstatSync(descriptor)
    return { bytes: readFileSync(descriptor), situation: { path, file, ...surroundings(path) } }
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Returns the path, permissions and directories of a file that other code reads, such as a module, or
 * undefined if it does not exist.
 */
export function lookAtGivenFile(path: string): FileSituation | undefined {
  const file = statSync(path, { throwIfNoEntry: false })
  return file && { path, file, ...surroundings(path) }
}

function surroundings(path: string): Pick<GivenFile, 'directories' | 'isReadOnly'> {
  // If the path contains a link, anyone who can replace the link or its target can change what is read.
  const directories = [...new Set([dirname(path), dirname(realpathSync(path))])]
  return {
    directories: directories.map((directory) => statSync(directory)),
    isReadOnly: [path, ...directories].some(isReadOnly),
  }
}

function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EROFS'
  }
}
