import { chmodSync, lstatSync, realpathSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { isLink, judgeOwnFile, modeText, refusedDirectory } from '@cdrstream/core'
import { JournalOpenError } from '../journal-open-error.ts'
import type { JournalOptions } from '../journal-options.ts'
import { noAccess, systemCode } from './no-access.ts'

/** What SQLite keeps beside a database: it trusts them as it trusts the database. */
const companions = ['', '-wal', '-shm', '-journal']

/** The lock lies beside the name that the journal is opened by. */
export function lockPath(journalPath: string): string {
  return `${journalPath}.lock`
}

/**
 * Throws `untrusted` if another user may have written the journal, its lock, or what SQLite keeps beside
 * them, or can replace them; `no-access` if this user cannot look. What others can only read is made private,
 * except by a reader. SQLite opens files by name, so this is done before and again when they are open.
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
    const facts = look(directory, statSync)
    const reason = facts && refusedDirectory(directory, facts, uid)
    if (reason !== undefined) throw new JournalOpenError('untrusted', reason)
  }
  for (const file of files) {
    const facts = look(file, lstatSync)
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

/** The journal may be a link to a larger disk. SQLite puts its companions beside the target. */
function targetOf(path: string): string {
  const facts = look(path, lstatSync)
  if (facts === undefined || !isLink(facts)) return path
  try {
    return realpathSync(path)
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw noAccess(path, error)
    throw new JournalOpenError(
      'untrusted',
      `${path} is a link to a file that does not exist: remove the link`,
    )
  }
}

function look(path: string, stat: (path: string) => Stats): Stats | undefined {
  try {
    return stat(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined
    throw noAccess(path, error)
  }
}
