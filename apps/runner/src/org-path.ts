import { hash } from 'node:crypto'
import { dirname, join } from 'node:path'

/**
 * A file that an org has for itself, in a directory beside the journal: `DIRECTORY/ORG.json`. Absolute, as
 * the journal's path is. Some file systems take `Acme` and `acme` for the same name, so a name with capital
 * letters has a digest behind it.
 */
export function orgPath(journalPath: string, directory: 'sign-in' | 'region', org: string): string {
  const digest = org === org.toLowerCase() ? '' : `~${hash('sha256', org, 'hex').slice(0, 8)}`
  return join(dirname(journalPath), directory, `${org}${digest}.json`)
}
