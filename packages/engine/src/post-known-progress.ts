import type { EngineOptions, OrgSetup } from './engine-options.ts'
import type { MarkBoard } from './mark-board.ts'
import type { ScopeProgress } from './ports/index.ts'

/**
 * Posts the progress that earlier processes made. Sinks can then publish marks before any new records are
 * read, and an emptied sink can retract its marks, including those for orgs that are no longer configured.
 */
export async function postKnownProgress(
  { journal, orgs }: Pick<EngineOptions, 'journal' | 'orgs'>,
  marks: MarkBoard,
): Promise<void> {
  const { offset } = await journal.end()
  const configured = new Map(orgs.map(({ name, scope }) => [name, scope]))
  const newestSec = ({ progress: { originPresumed, coverage, originSec } }: ScopeProgress) =>
    originPresumed === undefined ? (coverage.at(-1)?.toSec ?? originSec) : 0
  // An org that is not configured keeps the scope posted last, so its most recently collected scope comes
  // last.
  const scopes = (await journal.scopes()).toSorted((a, b) => newestSec(a) - newestSec(b))
  for (const { org, scope, progress } of scopes) {
    if ((configured.get(org) ?? scope) === scope) marks.post(org, progress, offset)
  }
}

/**
 * Posts the progress of these orgs, and forgets orgs that the journal no longer contains. None of these orgs
 * may be running: a running org's progress could include records beyond the journal end that is posted with
 * it.
 */
export async function repostProgress(
  journal: EngineOptions['journal'],
  orgs: readonly OrgSetup[],
  marks: MarkBoard,
): Promise<void> {
  const { offset } = await journal.end()
  const scopes = await journal.scopes()
  const known = new Set(scopes.map(({ org }) => org))
  const reposted = new Map(orgs.map(({ name, scope }) => [name, scope]))
  for (const org of marks.orgs) if (!known.has(org) || reposted.has(org)) marks.forget(org)
  for (const { org, scope, progress } of scopes) {
    if (reposted.get(org) === scope) marks.post(org, progress, offset)
  }
}
