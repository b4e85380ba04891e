import { lstatSync, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { judgeOwnFile, modeText, refusedOwnDirectory, sharedDirectory } from '@cdrstream/core/file-trust'
import type { CollectConfiguration } from '../configuration/configuration.ts'
import { tokenPath } from '../sign-in/token-path.ts'
import { ok, problem, type Result, warning } from './check.ts'

/**
 * Checks whether other users can change the files that cdrstream reads and stores, or read its secrets. The
 * journal checks its own files.
 */
export function checkFiles(configuration: CollectConfiguration): readonly Result[] {
  const { fileWarnings, journal } = configuration
  const found = [
    ...fileWarnings.map(({ code, message, remedy }) => warning(code, message, remedy)),
    ...judgeSharing(dirname(journal.path)),
    ...tokenPaths(configuration).flatMap(judgeToken),
  ]
  return found.length > 0
    ? found
    : [ok('files-private', 'no other user can change what cdrstream reads, or read its secrets')]
}

function judgeSharing(directory: string): readonly Result[] {
  const facts = look(directory, statSync)
  const words = facts && sharedDirectory(directory, facts, process.geteuid?.())
  if (words === undefined) return []
  return [
    warning(
      'directory-shared',
      words,
      'Give the journal its own directory (journal.path), which cdrstream creates with access only for its user. In a container that only cdrstream uses, you can ignore this.',
    ),
  ]
}

function tokenPaths({ orgs, journal }: CollectConfiguration): readonly string[] {
  const renewing = orgs.filter(({ auth }) => auth.kind === 'client').map(({ credential }) => credential)
  return [...new Set(renewing)].map((credential) => tokenPath(journal.path, credential))
}

function judgeToken(path: string): readonly Result[] {
  const uid = process.geteuid?.()
  const directory = look(dirname(path), statSync)
  const file = look(path, lstatSync)
  if (directory === undefined || file === undefined) return []
  const trust = judgeOwnFile(path, file, uid)
  const reason = trust.kind === 'refused' ? trust.reason : refusedOwnDirectory(dirname(path), directory, uid)
  if (reason !== undefined) return [problem('token-file-untrusted', reason, remedy)]
  if (trust.kind === 'trusted') return []
  const message = `other users can read the refresh token in ${path} (mode ${modeText(file)})`
  return [
    warning('readable-by-others', message, `Run chmod 600 ${path} and sign in again (cdrstream login).`),
  ]
}

const remedy =
  'The collector does not use this token. If the file is not yours, move it to another directory and sign in again (with `cdrstream login`, or for a service app with a new refresh token).'

/** Returns undefined for a file that cannot be examined. The check that needs the file reports the reason. */
function look(path: string, stat: (path: string) => Stats): Stats | undefined {
  try {
    return stat(path)
  } catch {
    return undefined
  }
}
