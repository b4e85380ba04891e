import type { DatabaseSync } from 'node:sqlite'
import type { WholeMs } from '@cdrstream/core'
import type { Position } from '@cdrstream/plugin'
import { prepare } from '../database/statement.ts'

/** Records that a sink had not acknowledged when `maxBytes` made them go: after `from`, up to and with `to`. */
export interface SinkGap {
  readonly sink: string
  readonly from: Position
  readonly to: Position
  /** When the newest of them went, in milliseconds. */
  readonly atMs: WholeMs
}

export interface SinkTable {
  position(sink: string): Position | undefined
  all(): readonly { readonly sink: string; readonly position: Position }[]
  /** Within a transaction. */
  setPosition(sink: string, position: Position): void
  gaps(): readonly SinkGap[]
  /** Within a transaction: a gap that follows on the one before makes it longer. */
  addGap(gap: SinkGap): void
}

interface PositionRow {
  readonly sink: string
  readonly offset: number
  readonly commit: string
}

interface GapRow {
  readonly sink: string
  readonly fromOffset: number
  readonly fromCommit: string
  readonly toOffset: number
  readonly toCommit: string
  readonly atMs: WholeMs
}

export function sinkTable(database: DatabaseSync, incarnation: string): SinkTable {
  const columns = 'name AS sink, position_offset AS "offset", position_commit AS "commit"'
  const select = prepare<PositionRow>(database, `SELECT ${columns} FROM sink WHERE name = ?`)
  const selectAll = prepare<PositionRow>(database, `SELECT ${columns} FROM sink ORDER BY name`)
  const upsert = prepare(
    database,
    `INSERT INTO sink (name, position_offset, position_commit) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET position_offset = excluded.position_offset, position_commit = excluded.position_commit`,
  )
  const selectGaps = prepare<GapRow>(
    database,
    `SELECT sink, from_offset AS fromOffset, from_commit AS fromCommit, to_offset AS toOffset, to_commit AS toCommit,
       at_ms AS atMs FROM sink_gap ORDER BY sink, to_offset`,
  )
  const extendGap = prepare<{ sink: string }>(
    database,
    'UPDATE sink_gap SET to_offset = ?, to_commit = ?, at_ms = ? WHERE sink = ? AND to_offset = ? RETURNING sink',
  )
  const insertGap = prepare(
    database,
    'INSERT INTO sink_gap (sink, from_offset, from_commit, to_offset, to_commit, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const position = (row: PositionRow): Position => ({ incarnation, offset: row.offset, commit: row.commit })

  return {
    position(sink) {
      const row = select.get(sink)
      return row && position(row)
    },
    all: () => selectAll.all().map((row) => ({ sink: row.sink, position: position(row) })),
    setPosition: (sink, { offset, commit }) => upsert.run(sink, offset, commit),
    gaps: () =>
      selectGaps.all().map((row) => ({
        sink: row.sink,
        from: { incarnation, offset: row.fromOffset, commit: row.fromCommit },
        to: { incarnation, offset: row.toOffset, commit: row.toCommit },
        atMs: row.atMs,
      })),
    addGap({ sink, from, to, atMs }) {
      if (extendGap.get(to.offset, to.commit, atMs, sink, from.offset) !== undefined) return
      insertGap.run(sink, from.offset, from.commit, to.offset, to.commit, atMs)
    },
  }
}
