import { wholeMs } from '@cdrstream/core'
import type { QuarantineItem } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import type { SqliteJournal } from '../../src/sqlite-journal.ts'

/** Acknowledges for a sink, after registering it if it is new. */
export async function acknowledge(
  journal: SqliteJournal,
  sink: string,
  through: Position,
  refused: readonly QuarantineItem[] = [],
): Promise<void> {
  await journal.registerSink(sink, await journal.start(), wholeMs(0))
  await journal.acknowledge(sink, { through, refused })
}

export async function acknowledged(journal: SqliteJournal, sink: string): Promise<Position | undefined> {
  return (await journal.sink(sink))?.acknowledged
}
