import type { EngineOptions, OrgSetup } from './engine-options.ts'
import type { MarkBoard } from './mark-board.ts'
import type { ScopeProgress } from './ports/index.ts'

/**
 * Posts the progress of earlier processes: sinks have marks to publish before anything new is read, and an
 * emptied sink has marks to retract, including marks of orgs that are no longer configured.
 */
export async function postKnownProgress(
  { journal, orgs }: Pick<EngineOptions, 'journal' | 'orgs'>,
  marks: MarkBoard,
): Promise<void> {
  const { offset } = await journal.end()
  const configured = new Map(orgs.map(({ name, scope }) => [name, scope]))
  const newestSec = ({ progress: { originPresumed, coverage, originSec } }: ScopeProgress) =>
    originPresumed === undefined ? (coverage.at(-1)?.toSec ?? originSec) : 0
  // For an org that is not configured, the last posted scope applies, which is the last one collected.
  const scopes = (await journal.scopes()).toSorted((a, b) => newestSec(a) - newestSec(b))
  for (const { org, scope, progress } of scopes) {
    if ((configured.get(org) ?? scope) === scope) marks.post(org, progress, offset)
  }
}

/**
 * Posts the progress of these orgs, none of which is being collected, and forgets the names that the journal
 * no longer has. The others must not be posted: they may have been read further than the end that is posted.
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
