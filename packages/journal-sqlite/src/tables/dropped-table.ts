import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'
import type { QuarantineCount } from './quarantine-count.ts'

/** A span `[fromMs, toMs]` in which items arrived that quarantine no longer keeps. */
interface DroppedSpan {
  readonly org: string
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Counts the items that did not fit into quarantine, and records the spans of all items that it no longer
 * keeps.
 */
export interface DroppedTable {
  /**
   * Adds dropped items. `sink` is '' for items that could not be records; `items` is 0 for expired items,
   * which are not counted. Call it within a transaction.
   */
  add(orgId: number, sink: string, atMs: number, items: number): void
  /** Call it within a transaction. */
  forgetSink(sink: string): void
  /** Returns the spans of dropped items that the sink does not have. */
  spansOf(sink: string): readonly DroppedSpan[]
  /** Returns how many items have been dropped since the journal was created. */
  counts(): readonly QuarantineCount[]
}

/**
 * Spans that are closer than this are merged. A mark omits hours before each missing item anyway, so this
 * does not make any gap larger.
 */
const mergeWithinMs = 3_600_000

interface SpanRow {
  readonly items: number
  readonly fromMs: number
  readonly toMs: number
}

export function droppedTable(database: DatabaseSync): DroppedTable {
  const near = prepare<SpanRow>(
    database,
    `SELECT items, from_ms AS fromMs, to_ms AS toMs FROM quarantine_dropped
     WHERE org_id = ?1 AND sink = ?2 AND to_ms >= ?3 - ${mergeWithinMs} AND from_ms <= ?3 + ${mergeWithinMs}`,
  )
  const remove = prepare(
    database,
    'DELETE FROM quarantine_dropped WHERE org_id = ? AND sink = ? AND to_ms = ?',
  )
  const removeSink = prepare(database, 'DELETE FROM quarantine_dropped WHERE sink = ?')
  const insert = prepare(
    database,
    'INSERT INTO quarantine_dropped (org_id, sink, items, from_ms, to_ms) VALUES (?, ?, ?, ?, ?)',
  )
  const spans = prepare<DroppedSpan>(
    database,
    `SELECT org.name AS org, from_ms AS fromMs, to_ms AS toMs
     FROM quarantine_dropped JOIN org ON org.id = org_id WHERE sink IN ('', ?)`,
  )
  const count = prepare<QuarantineCount>(
    database,
    `SELECT org.name AS org, nullif(sink, '') AS sink, sum(items) AS items
     FROM quarantine_dropped JOIN org ON org.id = org_id
     GROUP BY org.name, sink HAVING sum(items) > 0 ORDER BY org.name, sink`,
  )

  return {
    add(orgId, sink, atMs, items) {
      const touched = near.all(orgId, sink, atMs)
      for (const { toMs } of touched) remove.run(orgId, sink, toMs)
      const all = [...touched, { items, fromMs: atMs, toMs: atMs }]
      const sum = all.reduce((total, span) => total + span.items, 0)
      const fromMs = Math.min(...all.map((span) => span.fromMs))
      const toMs = Math.max(...all.map((span) => span.toMs))
      insert.run(orgId, sink, sum, fromMs, toMs)
    },
    forgetSink: (sink) => removeSink.run(sink),
    spansOf: (sink) => spans.all(sink).map((row) => ({ ...row })),
    counts: () => count.all().map((row) => ({ ...row })),
  }
}
