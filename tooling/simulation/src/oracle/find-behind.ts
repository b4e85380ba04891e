import { coverageFrontierSec } from '@cdrstream/core'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import type { SinkPlace } from '../world/sink-place.ts'
import { time } from './check-marks.ts'

export interface BehindFacts {
  readonly journal: SqliteJournal
  /** The current names of the orgs. */
  readonly orgs: readonly string[]
  readonly places: readonly SinkPlace[]
  /**
   * Everything inserted up to this time, by the server's clock, must be read, delivered and covered by marks.
   */
  readonly throughMs: number
  /** Everything inserted before this time has expired. */
  readonly oldestMs: number
}

/**
 * Returns what is behind: orgs that are not collected to the end, sinks that do not have everything, and
 * marks that do not cover everything.
 */
export async function findBehind({
  journal,
  orgs,
  places,
  throughMs,
  oldestMs,
}: BehindFacts): Promise<readonly string[]> {
  const behind: string[] = []
  for (const org of orgs) {
    const progress = await journal.progress(org)
    if (progress === undefined) behind.push(`${org} was never collected`)
    else {
      const frontierMs = coverageFrontierSec(progress.coverage, progress.originSec) * 1_000
      if (frontierMs <= throughMs) behind.push(`${org} is collected only through ${time(frontierMs)}`)
      const auditedMs = progress.auditedToSec * 1_000
      if (auditedMs < oldestMs) behind.push(`${org} is audited only through ${time(auditedMs)}`)
      if (progress.doubts.length > 0) behind.push(`${org} still has ${progress.doubts.length} doubts`)
    }
  }
  const end = await journal.end()
  for (const { name, store, awaitsRefill } of places) {
    if (name === undefined) continue
    const standing = await journal.sink(name)
    const offset = standing?.acknowledged.offset ?? 0
    if (offset < end.offset) behind.push(`${name} is at ${offset} of ${end.offset}`)
    if (awaitsRefill) behind.push(`${name} was emptied and not refilled`)
    const late =
      store.traits.idempotence === 'none' ? undefined : orgs.find((org) => !isMarked(store, org, throughMs))
    if (late !== undefined) {
      const through = store.marks.get(late)?.completeThroughMs
      behind.push(
        `${name} has ${through === undefined ? 'no mark' : `a mark only through ${time(through)}`} for ${late}`,
      )
    }
  }
  return behind
}

function isMarked({ marks }: SinkPlace['store'], org: string, throughMs: number): boolean {
  return (marks.get(org)?.completeThroughMs ?? 0) > throughMs
}
