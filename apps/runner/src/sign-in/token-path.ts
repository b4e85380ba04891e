import { hash } from 'node:crypto'
import { dirname, join } from 'node:path'

/**
 * Where the sign-in of an org is stored: `sign-in/ORG.json` beside the journal. Absolute, as the journal's path is. Some file systems take
 * `Acme` and `acme` for the same name, so a name with capital letters has a digest behind it.
 */
export function tokenPath(journalPath: string, org: string): string {
  const digest = org === org.toLowerCase() ? '' : `~${hash('sha256', org, 'hex').slice(0, 8)}`
  return join(dirname(journalPath), 'sign-in', `${org}${digest}.json`)
}
