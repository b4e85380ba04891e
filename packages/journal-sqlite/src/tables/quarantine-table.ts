import type { DatabaseSync } from 'node:sqlite'
import type { QuarantineItem } from '@cdrstream/engine'
import { prepare } from '../database/statement.ts'
import type { OrgTable } from './org-table.ts'

/** How many items of an org one sink has refused; `sink` is null for those refused at the door. */
export interface QuarantineCount {
  readonly org: string
  readonly sink: string | null
  readonly items: number
}

export interface QuarantineTable {
  /** Within a transaction. */
  add(items: readonly QuarantineItem[]): void
  counts(): readonly QuarantineCount[]
  /** Within a transaction: deletes some of what is older, at most `limit`. Returns how many. */
  deleteBefore(atMs: number, limit: number): number
}

export function quarantineTable(database: DatabaseSync, orgs: OrgTable): QuarantineTable {
  const insert = prepare(
    database,
    'INSERT INTO quarantine (org_id, sink, reason, text, at_ms) VALUES (?, ?, ?, ?, ?)',
  )
  const count = prepare<QuarantineCount>(
    database,
    `SELECT org.name AS org, sink, count(*) AS items FROM quarantine JOIN org ON org.id = org_id
     GROUP BY org.name, sink ORDER BY org.name, sink`,
  )
  const remove = prepare<{ id: number }>(
    database,
    `DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine WHERE at_ms < ? ORDER BY at_ms LIMIT ?) RETURNING id`,
  )
  return {
    add(items) {
      for (const { org, sink, reason, text, atMs } of items) {
        insert.run(orgs.idOf(org), sink, reason, Buffer.from(text), atMs)
      }
    },
    counts: () => count.all().map((row) => ({ ...row })),
    deleteBefore: (atMs, limit) => remove.all(atMs, limit).length,
  }
}
