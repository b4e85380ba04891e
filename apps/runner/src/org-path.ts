import { hash } from 'node:crypto'
import { dirname, join } from 'node:path'

/**
 * Returns the path of an org's file beside the journal: `DIRECTORY/ORG.json`. A digest is appended to a name
 * with capital letters, because some file systems treat `Acme` and `acme` as the same name.
 */
export function orgPath(journalPath: string, directory: 'sign-in' | 'region', org: string): string {
  const digest = org === org.toLowerCase() ? '' : `~${hash('sha256', org, 'hex').slice(0, 8)}`
  return join(dirname(journalPath), directory, `${org}${digest}.json`)
}
