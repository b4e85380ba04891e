import type { Failed, FlushOutcome, Position, Retry, SinkContext, WriteOutcome } from '@cdrstream/plugin'
import { createFileSink } from '../../src/file-sink.ts'
import { nodeFiles } from '../../src/node-files.ts'
import { call, context, openCall, testOptions } from './deliver.ts'
import type { JournalModel } from './journal-model.ts'

export interface Delivered {
  /** The position that `open` returned, or undefined if the sink was not opened. */
  readonly position: Position | null | undefined
  /** The last outcome, or the first one that is not a success. */
  readonly outcome: WriteOutcome | FlushOutcome | Retry | Failed
  /** The messages that the sink logged as warnings. */
  readonly warnings: readonly string[]
}

export interface Delivery {
  /** The position that the journal has recorded for the sink. */
  readonly acknowledged: Position | null
  /** The offset to deliver up to. Default: all records. */
  readonly until?: number
  /** The offset of the oldest record that the journal still has. Default 0. */
  readonly start?: number
}

/** Acts as a new process: opens the sink in `directory`, delivers the rest of the journal and flushes. */
export async function deliverRest(
  directory: string,
  journal: JournalModel,
  { acknowledged, until = journal.records.length, start = 0 }: Delivery,
): Promise<Delivered> {
  const warnings: string[] = []
  const sink = createFileSink({ ...testOptions, directory }, logging(warnings), nodeFiles)
  const opened = await sink.open(openCall(acknowledged))
  if (opened.kind !== 'opened') return { position: undefined, outcome: opened, warnings }
  const { session, position = null } = opened
  // The engine starts at the beginning of the journal if the sink has no position, or a position in another
  // journal.
  const from = position !== null && owns(journal, position) ? position : journal.position(start)
  // Delivery continues with the oldest record that the journal still has, even if earlier records are gone.
  const after = from.offset >= start ? from : journal.position(start)
  const written = await session.write({ ...journal.batch(after, until - after.offset), from }, call)
  const outcome = written.kind === 'accepted' ? ((await session.flush?.(call)) ?? written) : written
  await session.close?.(call)
  return { position, outcome, warnings }
}

function owns(journal: JournalModel, { incarnation, offset, commit }: Position): boolean {
  const own = journal.position(offset)
  return incarnation === own.incarnation && offset <= journal.records.length && commit === own.commit
}

function logging(warnings: string[]): SinkContext {
  return { ...context, log: { ...context.log, warn: (message) => warnings.push(message) } }
}
