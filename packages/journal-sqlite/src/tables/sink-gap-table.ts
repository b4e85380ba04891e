import type { DatabaseSync } from 'node:sqlite'
import type { Position } from '@cdrstream/plugin'
import { prepare } from '../database/statement.ts'

/** Records that a sink can no longer receive from the journal: after `from`, up to and including `to`. */
export interface SinkGap {
  readonly sink: string
  readonly from: Position
  readonly to: Position
  /** When the latest of these losses was recorded, in milliseconds since 1970, UTC. */
  readonly atMs: number
  /**
   * When the first and last of these records were accepted, in milliseconds since 1970, UTC; null if unknown.
   */
  readonly acceptedFromMs: number | null
  readonly acceptedToMs: number | null
}

export interface SinkGapTable {
  all(): readonly SinkGap[]
  of(sink: string): readonly SinkGap[]
  /** Adds a gap, merged with any gaps that it touches or overlaps. Call it within a transaction. */
  add(gap: SinkGap): void
  /** Call it within a transaction. */
  forgetSink(sink: string): void
}

interface GapRow {
  readonly sink: string
  readonly fromOffset: number
  readonly fromCommit: string
  readonly toOffset: number
  readonly toCommit: string
  readonly atMs: number
  readonly acceptedFromMs: number | null
  readonly acceptedToMs: number | null
}

export function sinkGapTable(database: DatabaseSync, incarnation: string): SinkGapTable {
  const columns = `sink, from_offset AS fromOffset, from_commit AS fromCommit, to_offset AS toOffset,
    to_commit AS toCommit, at_ms AS atMs, accepted_from_ms AS acceptedFromMs, accepted_to_ms AS acceptedToMs`
  const selectAll = prepare<GapRow>(database, `SELECT ${columns} FROM sink_gap ORDER BY sink, to_offset`)
  const selectOf = prepare<GapRow>(
    database,
    `SELECT ${columns} FROM sink_gap WHERE sink = ? ORDER BY to_offset`,
  )
  // Gaps are disjoint, so only neighbours can touch the new one. A sink can have tens of thousands of gaps,
  // one for each record that it refused long ago.
  const selectTouching = prepare<GapRow>(
    database,
    `SELECT ${columns} FROM (SELECT * FROM sink_gap WHERE sink = ?1 AND to_offset >= ?2 AND to_offset <= ?3
       UNION SELECT * FROM (SELECT * FROM sink_gap WHERE sink = ?1 AND to_offset > ?3 ORDER BY to_offset LIMIT 1))
     WHERE from_offset <= ?3`,
  )
  const remove = prepare(database, 'DELETE FROM sink_gap WHERE sink = ? AND to_offset = ?')
  const removeOfSink = prepare(database, 'DELETE FROM sink_gap WHERE sink = ?')
  const insert = prepare(
    database,
    `INSERT INTO sink_gap (sink, from_offset, from_commit, to_offset, to_commit, at_ms, accepted_from_ms, accepted_to_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )

  const gapOf = ({ sink, atMs, acceptedFromMs, acceptedToMs, ...row }: GapRow): SinkGap => ({
    sink,
    from: { incarnation, offset: row.fromOffset, commit: row.fromCommit },
    to: { incarnation, offset: row.toOffset, commit: row.toCommit },
    atMs,
    acceptedFromMs,
    acceptedToMs,
  })
  const of = (sink: string) => selectOf.all(sink).map(gapOf)

  return {
    of,
    all: () => selectAll.all().map(gapOf),
    forgetSink: (sink) => removeOfSink.run(sink),
    add(gap) {
      const touching = selectTouching.all(gap.sink, gap.from.offset, gap.to.offset).map(gapOf)
      for (const { sink, to } of touching) remove.run(sink, to.offset)
      const { sink, from, to, atMs, acceptedFromMs, acceptedToMs } = touching.reduce(union, gap)
      insert.run(sink, from.offset, from.commit, to.offset, to.commit, atMs, acceptedFromMs, acceptedToMs)
    },
  }
}

function union(one: SinkGap, other: SinkGap): SinkGap {
  return {
    sink: one.sink,
    from: one.from.offset <= other.from.offset ? one.from : other.from,
    to: one.to.offset >= other.to.offset ? one.to : other.to,
    atMs: Math.max(one.atMs, other.atMs),
    acceptedFromMs: both(one.acceptedFromMs, other.acceptedFromMs, Math.min),
    acceptedToMs: both(one.acceptedToMs, other.acceptedToMs, Math.max),
  }
}

/** Returns null if either value is unknown. */
function both(a: number | null, b: number | null, choose: (a: number, b: number) => number): number | null {
  return a === null || b === null ? null : choose(a, b)
}
