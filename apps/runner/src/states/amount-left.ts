import { type Progress, type Terms, unreadSpans } from '@cdrstream/core'
import type { SubjectState } from '@cdrstream/engine'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Configuration } from '../configuration/configuration.ts'
import { orgScope } from '../org-scope.ts'

/** Returns how many seconds of insertion time are readable but still unread. */
function unreadSeconds({ coverage, originSec }: Progress, { stream }: Terms, nowMs: number): number {
  const expiredSec = Math.ceil((nowMs - stream.retentionMs) / 1_000)
  const within = {
    fromSec: Math.max(originSec, expiredSec),
    toSec: Math.floor((nowMs - stream.settleMs) / 1_000),
  }
  if (within.fromSec >= within.toSec) return 0
  return unreadSpans(coverage, within).reduce((sum, { fromSec, toSec }) => sum + toSec - fromSec, 0)
}

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
  return progress && unreadSeconds(progress, terms, nowMs)
}
