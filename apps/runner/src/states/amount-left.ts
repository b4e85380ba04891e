import type { SubjectState } from '@cdrstream/engine'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Configuration } from '../configuration/configuration.ts'
import { orgScope } from '../org-scope.ts'
import { lengthSec, unreadNow } from '../status/unread-now.ts'

/**
 * Returns how much an org or a sink has left to catch up, in seconds of insertion time or records. Undefined
 * if unknown.
 */
export async function amountLeft(
  { subject, name }: SubjectState,
  { orgs, terms }: Pick<Configuration, 'orgs' | 'terms'>,
  journal: Pick<SqliteJournal, 'progress' | 'sink' | 'end'>,
  nowMs: number,
): Promise<number | undefined> {
  if (subject === 'sink') {
    const standing = await journal.sink(name)
    return standing && (await journal.end()).offset - standing.acknowledged.offset
  }
  const org = orgs.find((each) => each.name === name)
  const progress = org && (await journal.progress(orgScope(org)))
  return progress && lengthSec(unreadNow(progress, terms, nowMs))
}
