import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { ScopeProgress } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import { pageCounts } from './database/room.ts'
import { inSnapshot } from './database/transaction.ts'
import type { BlockTable } from './tables/block-table.ts'
import type { PausedSink, PauseTable } from './tables/pause-table.ts'
import type { ProgressTable } from './tables/progress-table.ts'
import type { QuarantineCount } from './tables/quarantine-count.ts'
import type { QuarantineTable } from './tables/quarantine-table.ts'
import type { SinkGap, SinkGapTable } from './tables/sink-gap-table.ts'
import type { SinkTable } from './tables/sink-table.ts'

/** The journal state that `status` and other commands show, in addition to what the engine needs. */
export interface JournalInspection {
  /** Returns a consistent snapshot: all values are from the same moment. */
  inspect(): Promise<JournalSnapshot>
}

/** The state of a journal at one moment. */
export interface JournalSnapshot {
  /** The position before the oldest record that is kept. */
  readonly start: Position
  /** The position of the newest record. */
  readonly end: Position
  readonly scopes: readonly ScopeProgress[]
  readonly sinks: readonly SinkLag[]
  readonly sinkGaps: readonly SinkGap[]
  /** The sinks that an operator has paused. */
  readonly pausedSinks: readonly PausedSink[]
  readonly quarantined: readonly QuarantineCount[]
  /** The items that were dropped because quarantine was full. */
  readonly quarantineDropped: readonly QuarantineCount[]
  readonly bytes: JournalBytes
}

/** How far a sink is behind the end of the journal. */
export interface SinkLag {
  readonly sink: string
  readonly position: Position
  /** How many records in the journal the sink has not acknowledged. */
  readonly lagRecords: number
  /** During a replay, the offset up to which everything is delivered again; otherwise null. */
  readonly replayTo: number | null
}

/** The size of a journal, in bytes. */
export interface JournalBytes {
  /** The size of the file, including free pages. */
  readonly file: number
  /**
   * The size of the write-ahead log. SQLite copies the log's content into the file from time to time, but
   * does not shrink the log.
   */
  readonly wal: number
  /** The pages in use, in the file or the write-ahead log. The limit `maxBytes` applies to them. */
  readonly used: number
  /** The free pages, which SQLite uses again. */
  readonly free: number
}

export interface InspectedTables {
  readonly database: DatabaseSync
  readonly blocks: BlockTable
  readonly progress: ProgressTable
  readonly sinks: SinkTable
  readonly sinkGaps: SinkGapTable
  readonly quarantine: QuarantineTable
  readonly pauses: PauseTable
}

export function inspectJournal({
  database,
  blocks,
  progress,
  sinks,
  sinkGaps,
  quarantine,
  pauses,
}: InspectedTables): JournalSnapshot {
  return inSnapshot(database, () => {
    const start = blocks.start()
    const end = blocks.end()
    return {
      start,
      end,
      scopes: progress.all(),
      sinks: sinks.all().map(({ sink, position, replayTo }) => ({
        sink,
        position,
        lagRecords: end.offset - Math.max(start.offset, position.offset),
        replayTo,
      })),
      pausedSinks: pauses.all(),
      sinkGaps: sinkGaps.all(),
      quarantined: quarantine.counts(),
      quarantineDropped: quarantine.dropped(),
      bytes: journalBytes(database),
    }
  })
}

function journalBytes(database: DatabaseSync): JournalBytes {
  const { pageBytes, pages, freePages } = pageCounts(database)
  const sizeOf = (suffix: string) =>
    statSync(`${database.location()}${suffix}`, { throwIfNoEntry: false })?.size ?? 0
  return {
    file: sizeOf(''),
    wal: sizeOf('-wal'),
    used: (pages - freePages) * pageBytes,
    free: freePages * pageBytes,
  }
}
