import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'

/** A sink that an operator has paused. */
export interface PausedSink {
  readonly sink: string
  readonly atMs: number
}

/** The sinks that an operator has paused, whether or not they are registered. */
export interface PauseTable {
  has(sink: string): boolean
  all(): readonly PausedSink[]
  /** Keeps the original time if the sink is already paused. Call it within a transaction. */
  add(sink: string, atMs: number): void
  /** Call it within a transaction. */
  remove(sink: string): void
}

export function pauseTable(database: DatabaseSync): PauseTable {
  const select = prepare(database, 'SELECT 1 FROM sink_pause WHERE sink = ?')
  const selectAll = prepare<PausedSink>(database, 'SELECT sink, at_ms AS atMs FROM sink_pause ORDER BY sink')
  const insert = prepare(
    database,
    'INSERT INTO sink_pause (sink, at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const remove = prepare(database, 'DELETE FROM sink_pause WHERE sink = ?')
  return {
    has: (sink) => select.get(sink) !== undefined,
    all: () => selectAll.all().map((row) => ({ ...row })),
    add: (sink, atMs) => insert.run(sink, atMs),
    remove: (sink) => remove.run(sink),
  }
}
