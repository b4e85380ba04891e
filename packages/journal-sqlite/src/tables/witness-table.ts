import type { DatabaseSync } from 'node:sqlite'
import type { Witness } from '@cdrstream/engine'
import { prepare } from '../database/statement.ts'

/**
 * Some of the records that a sink has stored durably: the first of each month and the last of each recent
 * day.
 */
export interface WitnessTable {
  of(sink: string): readonly Witness[]
  /**
   * Adds witnesses. A month keeps its first witness; for a day, a new witness replaces the previous one. Call
   * it within a transaction.
   */
  add(sink: string, witnesses: readonly Witness[]): void
  /** Call it within a transaction. */
  forget(sink: string, spans: readonly string[]): void
  /** Call it within a transaction. */
  forgetSink(sink: string): void
}

interface WitnessRow {
  readonly span: string
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  readonly offset: number | null
  readonly commit: string | null
}

/** Sinks are hardly ever restored to a state older than this. */
const maxDays = 40

export function witnessTable(database: DatabaseSync, incarnation: string): WitnessTable {
  const select = prepare<WitnessRow>(
    database,
    `SELECT span, org, key, rank, home, record_offset AS "offset", record_commit AS "commit"
     FROM sink_witness WHERE sink = ? ORDER BY span`,
  )
  const insert = (onConflict: string) =>
    prepare(
      database,
      `INSERT INTO sink_witness (sink, span, org, key, rank, home, record_offset, record_commit)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT ${onConflict}`,
    )
  const insertFirst = insert('DO NOTHING')
  const replaceLast = insert(
    `DO UPDATE SET org = excluded.org, key = excluded.key, rank = excluded.rank, home = excluded.home,
       record_offset = excluded.record_offset, record_commit = excluded.record_commit`,
  )
  const removeOldDays = prepare(
    database,
    `DELETE FROM sink_witness WHERE sink = ?1 AND span IN (
       SELECT span FROM sink_witness WHERE sink = ?1 AND length(span) = ${'YYYY-MM-DD'.length}
       ORDER BY span DESC LIMIT -1 OFFSET ${maxDays})`,
  )
  const remove = prepare(database, 'DELETE FROM sink_witness WHERE sink = ? AND span = ?')
  const removeOfSink = prepare(database, 'DELETE FROM sink_witness WHERE sink = ?')
  return {
    of: (sink) =>
      select.all(sink).map(({ offset, commit, ...row }) => ({
        ...row,
        kind: row.span.length === 'YYYY-MM'.length ? 'first' : 'last',
        position: offset === null || commit === null ? null : { incarnation, offset, commit },
      })),
    add(sink, witnesses) {
      for (const { kind, span, org, key, rank, home, position } of witnesses) {
        const statement = kind === 'first' ? insertFirst : replaceLast
        statement.run(sink, span, org, key, rank, home, position?.offset ?? null, position?.commit ?? null)
      }
      if (witnesses.some(({ kind }) => kind === 'last')) removeOldDays.run(sink)
    },
    forget(sink, spans) {
      for (const span of spans) remove.run(sink, span)
    },
    forgetSink: (sink) => removeOfSink.run(sink),
  }
}
