import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { ScopeProgress } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import { pageCounts } from './database/room.ts'
import { inSnapshot } from './database/transaction.ts'
import type { BlockTable } from './tables/block-table.ts'
import type { ProgressTable } from './tables/progress-table.ts'
import type { QuarantineCount } from './tables/quarantine-count.ts'
import type { QuarantineTable } from './tables/quarantine-table.ts'
import type { SinkGap, SinkGapTable } from './tables/sink-gap-table.ts'
import type { SinkTable } from './tables/sink-table.ts'

/** What `status` and other commands show of a journal, beyond what the engine needs. */
export interface JournalInspection {
  /** All of one moment. */
  inspect(): Promise<JournalSnapshot>
}

export interface JournalSnapshot {
  /** Before the oldest record that is kept, and the last record. */
  readonly start: Position
  readonly end: Position
  readonly scopes: readonly ScopeProgress[]
  readonly sinks: readonly SinkLag[]
  readonly sinkGaps: readonly SinkGap[]
  readonly quarantined: readonly QuarantineCount[]
  /** What quarantine had no room for. */
  readonly quarantineDropped: readonly QuarantineCount[]
  readonly bytes: JournalBytes
}

export interface SinkLag {
  readonly sink: string
  readonly position: Position
  /** The records that are kept and that it has not acknowledged. */
  readonly lagRecords: number
}

export interface JournalBytes {
  /** The file on disk, with its free pages. */
  readonly file: number
  /** The write-ahead log beside it. SQLite copies it into the file from time to time, and keeps its size. */
  readonly wal: number
  /** The pages that hold something, wherever they are: what the limit `maxBytes` is compared with. */
  readonly used: number
  /** The pages that can be used again. */
  readonly free: number
}

export interface InspectedTables {
  readonly database: DatabaseSync
  readonly blocks: BlockTable
  readonly progress: ProgressTable
  readonly sinks: SinkTable
  readonly sinkGaps: SinkGapTable
  readonly quarantine: QuarantineTable
}

export function inspectJournal({
  database,
  blocks,
  progress,
  sinks,
  sinkGaps,
  quarantine,
}: InspectedTables): JournalSnapshot {
  return inSnapshot(database, () => {
    const start = blocks.start()
    const end = blocks.end()
    return {
      start,
      end,
      scopes: progress.all(),
      sinks: sinks.all().map(({ sink, position }) => ({
        sink,
        position,
        lagRecords: end.offset - Math.max(start.offset, position.offset),
      })),
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
