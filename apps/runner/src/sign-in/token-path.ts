import { orgPath } from '../org-path.ts'

/** Where the sign-in of an org is stored: `sign-in/ORG.json` beside the journal. */
export function tokenPath(journalPath: string, org: string): string {
  return orgPath(journalPath, 'sign-in', org)
}
