import { coverageFrontierSec } from '@cdrstream/core'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import type { SinkPlace } from '../world/sink-place.ts'
import { time } from './check-marks.ts'

export interface BehindFacts {
  readonly journal: SqliteJournal
  /** By their names now. */
  readonly orgs: readonly string[]
  readonly places: readonly SinkPlace[]
  /**
   * Everything that was inserted up to here has to be read, delivered and spoken of, by the server's clock.
   */
  readonly throughMs: number
  /** Everything that was inserted before has expired. */
  readonly oldestMs: number
}

/**
 * What has not got on: an org that is not collected to the end, a sink that does not have everything, a mark
 * that does not say so.
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
      if (frontierMs <= throughMs) behind.push(`${org} is collected through ${time(frontierMs)}`)
      const auditedMs = progress.auditedToSec * 1_000
      if (auditedMs < oldestMs) behind.push(`${org} is audited through ${time(auditedMs)}`)
      if (progress.doubts.length > 0) behind.push(`${org} has ${progress.doubts.length} doubts left`)
    }
  }
  const end = await journal.end()
  for (const { name, store, awaitsRefill } of places) {
    if (name === undefined) continue
    const standing = await journal.sink(name)
    const offset = standing?.acknowledged.offset ?? 0
    if (offset < end.offset) behind.push(`${name} is at ${offset} of ${end.offset}`)
    if (awaitsRefill) behind.push(`${name} was emptied and is not filled again`)
    const late =
      store.traits.idempotence === 'none' ? undefined : orgs.find((org) => !isMarked(store, org, throughMs))
    if (late !== undefined) {
      const through = store.marks.get(late)?.completeThroughMs
      behind.push(
        `${name} says of ${late} that it is complete through ${through === undefined ? 'nothing' : time(through)}`,
      )
    }
  }
  return behind
}

function isMarked({ marks }: SinkPlace['store'], org: string, throughMs: number): boolean {
  return (marks.get(org)?.completeThroughMs ?? 0) > throughMs
}
