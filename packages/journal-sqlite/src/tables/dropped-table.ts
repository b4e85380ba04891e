import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'
import type { QuarantineCount } from './quarantine-count.ts'

/** Items that came in `[fromMs, toMs]` and that quarantine does not keep any more. */
interface DroppedSpan {
  readonly org: string
  readonly fromMs: number
  readonly toMs: number
}

/** What quarantine had no room for, and items that could not be records and have expired. */
export interface DroppedTable {
  /**
   * Within a transaction. `sink`: '' for items that could not be records; `items`: how many there was no room
   * for.
   */
  add(orgId: number, sink: string, atMs: number, items: number): void
  /** What a sink does not have for that reason. */
  spansOf(sink: string): readonly DroppedSpan[]
  /** What there was no room for, since the journal was created. */
  counts(): readonly QuarantineCount[]
}

/**
 * Spans that are closer become one. A mark has a gap of hours before each missing item anyway, so that this
 * makes no gap larger.
 */
const togetherMs = 3_600_000

interface SpanRow {
  readonly items: number
  readonly fromMs: number
  readonly toMs: number
}

export function droppedTable(database: DatabaseSync): DroppedTable {
  const near = prepare<SpanRow>(
    database,
    `SELECT items, from_ms AS fromMs, to_ms AS toMs FROM quarantine_dropped
     WHERE org_id = ?1 AND sink = ?2 AND to_ms >= ?3 - ${togetherMs} AND from_ms <= ?3 + ${togetherMs}`,
  )
  const remove = prepare(
    database,
    'DELETE FROM quarantine_dropped WHERE org_id = ? AND sink = ? AND to_ms = ?',
  )
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
    spansOf: (sink) => spans.all(sink).map((row) => ({ ...row })),
    counts: () => count.all().map((row) => ({ ...row })),
  }
}
