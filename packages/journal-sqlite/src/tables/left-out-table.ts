import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'

/**
 * Records that a sink refused and receives at a later offset, so deliveries skip them at the original one.
 */
export interface LeftOutTable {
  /** Returns the offsets in `(after, to]` that deliveries to this sink skip. */
  of(sink: string, after: number, to: number): readonly number[]
  /** Call it within a transaction. */
  add(sink: string, offsets: readonly number[]): void
  /** Deletes offsets up to this one, which the journal no longer keeps. Call it within a transaction. */
  forgetThrough(offset: number): void
  /** Call it within a transaction. */
  forgetSink(sink: string): void
}

export function leftOutTable(database: DatabaseSync): LeftOutTable {
  const select = prepare<{ offset: number }>(
    database,
    `SELECT record_offset AS "offset" FROM left_out
     WHERE sink = ? AND record_offset > ? AND record_offset <= ? ORDER BY record_offset`,
  )
  const insert = prepare(
    database,
    'INSERT INTO left_out (sink, record_offset) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const removeThrough = prepare(database, 'DELETE FROM left_out WHERE record_offset <= ?')
  const removeSink = prepare(database, 'DELETE FROM left_out WHERE sink = ?')
  return {
    of: (sink, after, to) => select.all(sink, after, to).map(({ offset }) => offset),
    add(sink, offsets) {
      for (const offset of offsets) insert.run(sink, offset)
    },
    forgetThrough: (offset) => removeThrough.run(offset),
    forgetSink: (sink) => removeSink.run(sink),
  }
}
