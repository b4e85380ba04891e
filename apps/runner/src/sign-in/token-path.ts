import { orgPath } from '../org-path.ts'

/** Returns the path of the stored sign-in of an org: `sign-in/ORG.json` beside the journal. */
export function tokenPath(journalPath: string, org: string): string {
  return orgPath(journalPath, 'sign-in', org)
}
