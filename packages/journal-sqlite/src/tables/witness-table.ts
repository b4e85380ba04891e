import type { DatabaseSync } from 'node:sqlite'
import type { Witness } from '@cdrstream/engine'
import { prepare } from '../database/statement.ts'

/** One record of each month that a sink has durably. */
export interface WitnessTable {
  of(sink: string): readonly Witness[]
  /** Within a transaction. */
  add(sink: string, witnesses: readonly Witness[]): void
  /** Within a transaction. */
  forget(sink: string, months: readonly string[]): void
}

export function witnessTable(database: DatabaseSync): WitnessTable {
  const select = prepare<Witness>(
    database,
    'SELECT month, org, key, rank, home FROM sink_witness WHERE sink = ? ORDER BY month',
  )
  const insert = prepare(
    database,
    `INSERT INTO sink_witness (sink, month, org, key, rank, home) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const remove = prepare(database, 'DELETE FROM sink_witness WHERE sink = ? AND month = ?')
  return {
    of: (sink) => select.all(sink).map((row) => ({ ...row })),
    add(sink, witnesses) {
      for (const { month, org, key, rank, home } of witnesses) insert.run(sink, month, org, key, rank, home)
    },
    forget(sink, months) {
      for (const month of months) remove.run(sink, month)
    },
  }
}
