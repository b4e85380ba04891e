import { mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileErrorText, shownFile } from '../files/file-error.ts'

/**
 * Returns why a directory, which need not exist yet, is not writable, or undefined if it is. Leaves the
 * directory as it was.
 */
export function unwritable(directory: string): string | undefined {
  const nearest = nearestExisting(directory)
  if (nearest.kind === 'unreachable') return unreachable(nearest.path, nearest)
  if (nearest.kind !== 'directory') return `${shownFile(nearest.path)} is not a directory`
  try {
    // Permission bits are not enough, because a file system can be read-only and root ignores them.
    rmdirSync(mkdtempSync(join(nearest.path, '.cdrstream-')))
    return undefined
  } catch (cause) {
    return `${shownFile(nearest.path)} is not writable: ${fileErrorText(cause)}`
  }
}

/** Returns why a file, which need not exist yet, cannot be written, or undefined if it can. */
export function unwritableFile(path: string): string | undefined {
  const found = look(path)
  switch (found.kind) {
    case 'directory':
      return `${shownFile(path)} is a directory`
    case 'unreachable':
      return unreachable(path, found)
    default:
      return unwritable(dirname(path))
  }
}

type Found = { readonly kind: 'directory' | 'other' | 'nothing' } | Unreachable

interface Unreachable {
  readonly kind: 'unreachable'
  readonly reason: string
}

function unreachable(path: string, { reason }: Unreachable): string {
  return `cannot read ${shownFile(path)}: ${reason}`
}

function nearestExisting(path: string): Found & { readonly path: string } {
  const found = look(path)
  const parent = dirname(path)
  return found.kind === 'nothing' && parent !== path ? nearestExisting(parent) : { ...found, path }
}

function look(path: string): Found {
  try {
    return { kind: statSync(path).isDirectory() ? 'directory' : 'other' }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown'
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'nothing' }
    return { kind: 'unreachable', reason: fileErrorText(cause) }
  }
}
