import { mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Why nothing can be written to a directory that exists or is to be made; undefined if it can. It is left as it was. */
export function unwritable(directory: string): string | undefined {
  const nearest = nearestExisting(directory)
  if (nearest.kind !== 'directory') return `${nearest.path} is not a directory`
  try {
    // Permission bits do not tell: a file system may be read-only, and root may write everywhere else.
    rmdirSync(mkdtempSync(join(nearest.path, '.cdrstream-')))
    return undefined
  } catch (cause) {
    return `${nearest.path} is not writable (${codeOf(cause)})`
  }
}

/** Why no file can be at this path; undefined if one can. The file and its directories need not exist. */
export function unwritableFile(path: string): string | undefined {
  return kindOf(path) === 'directory' ? `${path} is a directory` : unwritable(dirname(path))
}

interface Existing {
  readonly path: string
  readonly kind: 'directory' | 'other'
}

function nearestExisting(path: string): Existing {
  const kind = kindOf(path)
  const parent = dirname(path)
  return kind === 'nothing' && parent !== path
    ? nearestExisting(parent)
    : { path, kind: kind === 'directory' ? kind : 'other' }
}

function kindOf(path: string): 'directory' | 'other' | 'nothing' {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'other'
  } catch (cause) {
    const code = codeOf(cause)
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing' : 'other'
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
}
