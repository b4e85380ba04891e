import { chmodSync, lstatSync, realpathSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { isLink, judgeOwnFile, modeText, refusedDirectory } from '@cdrstream/core/file-trust'
import { JournalOpenError } from '../journal-open-error.ts'
import type { JournalOptions } from '../journal-options.ts'
import { noAccess, systemCode } from './no-access.ts'

/** The files that SQLite keeps beside a database. It trusts them as much as the database itself. */
const companions = ['', '-wal', '-shm', '-journal']

/**
 * Returns the path of the lock, which is next to the path used to open the journal, even if that path is a
 * link.
 */
export function lockPath(journalPath: string): string {
  return `${journalPath}.lock`
}

/**
 * Checks that only this user can write or replace the journal, its lock, and the files that SQLite keeps
 * beside them. Throws `untrusted` if another user can, and `no-access` if this user cannot check. Removes
 * read access for other users, unless `access` is `reader`. Call it before SQLite opens the files, and again
 * afterwards, because SQLite opens them by name.
 */
export function claimFiles(
  path: string,
  { access, onTightened }: Pick<JournalOptions, 'access' | 'onTightened'>,
): void {
  const uid = process.geteuid?.()
  const target = targetOf(path)
  const lock = lockPath(path)
  const files = [...companions.map((end) => target + end), ...companions.map((end) => lock + end)]
  for (const directory of new Set([dirname(path), dirname(target)])) {
    const facts = statIfExists(directory, statSync)
    const reason = facts && refusedDirectory(directory, facts, uid)
    if (reason !== undefined) throw new JournalOpenError('untrusted', reason)
  }
  for (const file of files) {
    const facts = statIfExists(file, lstatSync)
    if (facts === undefined) continue
    if (facts.isDirectory()) throw new JournalOpenError('not-writable', `${file} is a directory`)
    const trust = judgeOwnFile(file, facts, uid)
    switch (trust.kind) {
      case 'refused':
        throw new JournalOpenError('untrusted', trust.reason)
      case 'loose':
        if (access === 'reader') break
        chmodSync(file, 0o600)
        onTightened?.(file, modeText(facts))
        break
      case 'trusted':
        break
    }
  }
}

/**
 * Returns the file that the path points to. The journal may be a link to a larger disk, and SQLite keeps its
 * other files beside the target.
 */
function targetOf(path: string): string {
  const facts = statIfExists(path, lstatSync)
  if (facts === undefined || !isLink(facts)) return path
  try {
    return realpathSync(path)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw noAccess(path, error)
    throw new JournalOpenError('untrusted', `${path} is a link to a missing file: remove the link`)
  }
}

function statIfExists(path: string, stat: (path: string) => Stats): Stats | undefined {
  try {
    return stat(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined
    throw noAccess(path, error)
  }
}
