import type { StoredRecord } from '@cdrstream/core'
import type { Position, Presence, RecordReference, SinkSession } from '@cdrstream/plugin'
import type { Called, Thrown } from './call-sink.ts'
import type { Journal, SinkRestart } from './ports/index.ts'

/** The records that a sink may have passed without storing them, unknown to the journal. */
export interface PassedRecords {
  /** Records that the sink reports as missing. */
  readonly absent: readonly StoredRecord[]
  /** A gap, if the sink cannot answer. */
  readonly gap: NonNullable<SinkRestart['gap']> | null
}

/** The span to check. */
export interface PassedSpan {
  /** The position that the journal has recorded for the sink. */
  readonly acknowledged: Position
  /** The position that the sink reports. */
  readonly stored: Position
  /** All offsets that are in quarantine for the sink. */
  readonly refused: readonly number[]
}

const recordsAtOnce = 1_000
const bytesAtOnce = 8_000_000

const nothing: PassedRecords = { absent: [], gap: null }

/**
 * Returns the records between the recorded position and the sink's position that are neither in the sink nor
 * in quarantine. Usually only the sink's response was lost, and no such records exist. But a journal restored
 * from an older copy does not have the sink's refusals after the copy. A sink that cannot report what it has,
 * and has refused records before, gets a gap.
 */
export async function findPassed(
  { acknowledged, stored, refused }: PassedSpan,
  journal: Journal,
  session: SinkSession,
  ask: (
    holds: NonNullable<SinkSession['holds']>,
    records: readonly RecordReference[],
  ) => Promise<Called<readonly Presence[]>>,
): Promise<PassedRecords | Thrown> {
  if (stored.offset <= acknowledged.offset) return nothing
  if (session.holds === undefined)
    return refused.length === 0 ? nothing : gapOf(acknowledged, stored, journal)
  const holds = session.holds.bind(session)
  const inQuarantine = new Set(refused)
  const absent: StoredRecord[] = []
  for (let after = acknowledged; after.offset < stored.offset; ) {
    const { records, to } = await journal.read(after, { records: recordsAtOnce, bytes: bytesAtOnce })
    if (records.length === 0) break
    const passed = records.filter(
      ({ position: { offset } }) => offset <= stored.offset && !inQuarantine.has(offset),
    )
    if (passed.length > 0) {
      const missing = await absentOf(passed, journal, (records) => ask(holds, records))
      if ('kind' in missing) return missing
      absent.push(...missing)
    }
    after = to
  }
  return { absent, gap: null }
}

/** Returns the records that the sink has under no name of their org. */
async function absentOf(
  records: readonly StoredRecord[],
  journal: Journal,
  ask: (records: readonly RecordReference[]) => Promise<Called<readonly Presence[]>>,
): Promise<readonly StoredRecord[] | Thrown> {
  const { outcome } = await ask(records)
  if ('kind' in outcome) return outcome
  let absent = records.filter((_, index) => outcome[index] === 'absent')
  for (const name of new Set(absent.map(({ org }) => org))) {
    for (const formerName of await journal.formerNames(name)) {
      const renamed = absent.filter(({ org }) => org === name)
      const found = await ask(renamed.map(({ key, rank, home }) => ({ org: formerName, key, rank, home })))
      if ('kind' in found.outcome) return found.outcome
      const { outcome: presences } = found
      const missing = new Set(renamed.filter((_, index) => presences[index] === 'absent'))
      absent = absent.filter((record) => record.org !== name || missing.has(record))
    }
  }
  return absent
}

async function gapOf(from: Position, to: Position, journal: Journal): Promise<PassedRecords> {
  const { records } = await journal.read(from, { records: 1, bytes: bytesAtOnce })
  return { absent: [], gap: { from, to, sinceMs: records[0]?.acceptedAtMs ?? null } }
}
