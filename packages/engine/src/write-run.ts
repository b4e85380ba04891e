import type { Batch, CdrRecord, Failed, Position, Rejected, Retry, WriteOutcome } from '@cdrstream/plugin'
import type { Thrown } from './call-sink.ts'
import type { SinkSetup } from './engine-options.ts'
import { Patience } from './patience.ts'
import type { JournalRecord } from './ports/index.ts'
import { withoutContent } from './without-content.ts'

/** A run of the journal on its way into a sink. */
export interface Run {
  readonly records: readonly JournalRecord[]
  readonly from: Position
  readonly to: Position
}

export interface RefusedRecord {
  readonly record: JournalRecord
  readonly reason: string
}

/** What became of a run; unless it was written, all of it has to be written again. */
export type RunOutcome = Written | Rejected | Retry | Failed | Thrown

interface Written {
  readonly kind: 'written'
  readonly through: Position
  readonly refused: readonly RefusedRecord[]
}

export interface WriteSteps {
  /** Makes of the journal's records what the sink may see. */
  prepare(records: readonly JournalRecord[]): readonly CdrRecord[]
  /** Calls the sink. */
  write(batch: Batch): Promise<WriteOutcome | Thrown>
  /** Waits before records are sent again; false: there is no time for that any more. */
  wait(ms: number): Promise<boolean>
}

/** Writes a run until the sink has taken or refused every record, or until something is wrong. */
export async function writeRun(
  run: Run,
  traits: SinkSetup['traits'],
  steps: WriteSteps,
): Promise<RunOutcome> {
  const refused: RefusedRecord[] = []
  const patience = new Patience()
  let pending = traits.revisions === 'latest' ? latestOfEachKey(run.records) : run.records
  while (true) {
    const sent = pending
    const records = steps.prepare(sent)
    const outcome = withoutContent(await steps.write({ records, from: run.from, to: run.to }), records)
    if (outcome.kind !== 'accepted') return outcome
    const named = (index: number) => {
      const record = sent[index]
      if (record === undefined) throw new RangeError(`the sink names record ${index} of ${sent.length}`)
      return record
    }
    refused.push(...(outcome.refused ?? []).map(({ index, reason }) => ({ record: named(index), reason })))
    pending = (outcome.again ?? []).map(named)
    if (pending.length === 0) return { kind: 'written', through: outcome.through ?? run.to, refused }
    if (pending.length < sent.length) patience.reset()
    if (!(await steps.wait(patience.nextWaitMs()))) return { kind: 'retry' }
  }
}

function latestOfEachKey(records: readonly JournalRecord[]): readonly JournalRecord[] {
  const orgs = new Map<string, Map<string, JournalRecord>>()
  for (const record of records) {
    const latest = orgs.get(record.org) ?? new Map<string, JournalRecord>()
    const other = latest.get(record.key)
    if (other === undefined || other.rank < record.rank) latest.set(record.key, record)
    orgs.set(record.org, latest)
  }
  return records.filter((record) => orgs.get(record.org)?.get(record.key) === record)
}
