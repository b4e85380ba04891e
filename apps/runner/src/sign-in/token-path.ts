import { orgPath } from '../org-path.ts'

/** Returns the path of an org's stored sign-in: `sign-in/ORG.json` beside the journal. */
export function tokenPath(journalPath: string, org: string): string {
  return orgPath(journalPath, 'sign-in', org)
}
