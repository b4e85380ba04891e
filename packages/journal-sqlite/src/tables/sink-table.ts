import type { DatabaseSync } from 'node:sqlite'
import type { SinkStanding } from '@cdrstream/engine'
import type { Position } from '@cdrstream/plugin'
import { prepare } from '../database/statement.ts'

interface SinkAt {
  readonly sink: string
  readonly position: Position
  /** During a replay, the offset up to which everything is delivered again; otherwise null. */
  readonly replayTo: number | null
}

export interface SinkTable {
  find(sink: string): Omit<SinkStanding, 'witnesses'> | undefined
  all(): readonly SinkAt[]
  /** Registers a new sink; does nothing if it is registered. Call it within a transaction. */
  register(sink: string, first: Position, firstMs: number | null): void
  /** Throws if the sink is not registered. Call it within a transaction. */
  setPosition(sink: string, position: Position): void
  /**
   * Sets the position back, and stores the offset up to which the sink had received everything. Throws if the
   * sink is not registered. Call it within a transaction.
   */
  rewind(sink: string, after: Position): void
  /** Deletes a sink. Call it within a transaction. */
  remove(sink: string): void
}

interface SinkRow {
  readonly sink: string
  readonly offset: number
  readonly commit: string
  readonly firstOffset: number
  readonly firstCommit: string
  readonly firstMs: number | null
  readonly replayTo: number | null
}

export function sinkTable(database: DatabaseSync, incarnation: string): SinkTable {
  const columns = `name AS sink, position_offset AS "offset", position_commit AS "commit", first_offset AS firstOffset,
    first_commit AS firstCommit, first_ms AS firstMs, replay_to AS replayTo`
  const select = prepare<SinkRow>(database, `SELECT ${columns} FROM sink WHERE name = ?`)
  const selectAll = prepare<SinkRow>(database, `SELECT ${columns} FROM sink ORDER BY name`)
  const insert = prepare(
    database,
    `INSERT INTO sink (name, position_offset, position_commit, first_offset, first_commit, first_ms)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const update = prepare<{ sink: string }>(
    database,
    `UPDATE sink SET position_offset = ?1, position_commit = ?2, replay_to = iif(replay_to > ?1, replay_to, NULL)
     WHERE name = ?3 RETURNING name AS sink`,
  )
  const setBack = prepare<{ sink: string }>(
    database,
    `UPDATE sink SET position_offset = ?1, position_commit = ?2,
       replay_to = max(position_offset, coalesce(replay_to, 0)) WHERE name = ?3 RETURNING name AS sink`,
  )
  const removeSink = prepare(database, 'DELETE FROM sink WHERE name = ?')
  const position = (offset: number, commit: string): Position => ({ incarnation, offset, commit })

  return {
    find(sink) {
      const row = select.get(sink)
      if (row === undefined) return undefined
      return {
        first: position(row.firstOffset, row.firstCommit),
        firstMs: row.firstMs,
        acknowledged: position(row.offset, row.commit),
        ...(row.replayTo !== null && { replayTo: row.replayTo }),
      }
    },
    all: () =>
      selectAll.all().map(({ sink, offset, commit, replayTo }) => ({
        sink,
        position: position(offset, commit),
        replayTo,
      })),
    register: (sink, { offset, commit }, firstMs) =>
      insert.run(sink, offset, commit, offset, commit, firstMs),
    setPosition(sink, { offset, commit }) {
      if (update.get(offset, commit, sink) === undefined)
        throw new Error(`the sink ${sink} is not registered`)
    },
    rewind(sink, { offset, commit }) {
      if (setBack.get(offset, commit, sink) === undefined)
        throw new Error(`the sink ${sink} is not registered`)
    },
    remove: (sink) => removeSink.run(sink),
  }
}
