import type { SinkGap, SqliteJournal } from '@cdrstream/journal-sqlite'
import type { OrgNames } from '../world/org-names.ts'
import { isShown, type SinkPlace } from '../world/sink-place.ts'
import type { Findings } from './findings.ts'
import type { Acceptance, JournalBook } from './journal-book.ts'

export interface DeliveryFacts {
  readonly journal: SqliteJournal
  readonly book: JournalBook
  readonly names: OrgNames
  readonly findings: Findings
}

/** The journal's data about a sink. */
export interface SinkRecordings {
  readonly firstOffset: number
  readonly acknowledgedOffset: number
  readonly quarantined: ReadonlySet<number>
  readonly gaps: readonly SinkGap[]
}

/** Returns what the journal has recorded about the sink, or undefined if the sink is not registered. */
export async function recordingsOf(
  sink: string,
  journal: SqliteJournal,
): Promise<SinkRecordings | undefined> {
  const standing = await journal.sink(sink)
  if (standing === undefined) return undefined
  const { sinkGaps } = await journal.inspect()
  return {
    firstOffset: standing.first.offset,
    acknowledgedOffset: standing.acknowledged.offset,
    quarantined: new Set(await journal.refusedAfter(sink, -1)),
    gaps: sinkGaps.filter((gap) => gap.sink === sink),
  }
}

/**
 * Returns whether a record in the journal may be missing from the sink: it is skipped, in quarantine or in a
 * gap.
 */
export function mayBeMissing({ offset }: Acceptance, recordings: SinkRecordings): boolean {
  const { firstOffset, quarantined, gaps } = recordings
  return (
    offset <= firstOffset ||
    quarantined.has(offset) ||
    gaps.some(({ from, to }) => from.offset < offset && offset <= to.offset)
  )
}

/**
 * Checks the conservation law: each record up to the sink's position is in the sink or replaced there, in the
 * sink's quarantine, or in one of its recorded gaps. Call it only while no process is alive, when everything
 * that happened is recorded.
 */
export async function checkConservation(place: SinkPlace, facts: DeliveryFacts): Promise<void> {
  const { name } = place
  // The engine cannot know yet that the sink's rows were deleted.
  if (name === undefined || place.awaitsRefill) return
  const recordings = await recordingsOf(name, facts.journal)
  if (recordings === undefined) return
  const { book, names, findings } = facts
  for (const record of book.acceptances) {
    if (record.offset > recordings.acknowledgedOffset) break
    if (mayBeMissing(record, recordings)) continue
    if (isShown(place, names.all(record.org), record)) continue
    findings.add(
      'not-conserved',
      `${name}: record ${record.offset} of ${record.org} is missing; the sink is at ${recordings.acknowledgedOffset}`,
    )
  }
  checkQuarantine(place, recordings, facts)
}

/** Checks that the quarantine contains only records that the sink itself refused. */
function checkQuarantine(
  place: SinkPlace,
  { quarantined }: SinkRecordings,
  { book, names, findings }: DeliveryFacts,
): void {
  const { traits, troubles } = { traits: place.store.traits, troubles: place.plan.troubles }
  const wrong = [...quarantined].filter((offset) => {
    const record = book.acceptances[offset - 1]
    if (record === undefined) return true
    return !names.all(record.org).some((org) => place.refused.has(`${org}|${record.key}|${record.rank}`))
  })
  // If a sink that stores its position throws during an outage that ends between two calls, up to three good
  // records can stay in quarantine (docs/guarantees.md).
  const mayThrow =
    troubles.shares.throw + troubles.shares.hang > 0 || troubles.outages.some(({ how }) => how === 'throw')
  const tolerated = traits.idempotence === 'position' && mayThrow ? 3 : 0
  if (wrong.length > tolerated) {
    findings.add(
      'wrong-quarantine',
      `${place.name}: ${wrong.length} records, the first at offset ${wrong[0]}`,
    )
  }
}
