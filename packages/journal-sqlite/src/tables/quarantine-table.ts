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

/** Items of an org that came within one minute. */
interface QuarantinedMinute {
  readonly org: string
  readonly fromMs: number
  readonly toMs: number
}

/** What was in quarantine. `sink` and `offset` are null where it never was a record. */
export interface DeletedItem {
  readonly sink: string | null
  readonly offset: number | null
  readonly acceptedAtMs: number | null
}

export interface QuarantineTable {
  /** Within a transaction. A record that is in quarantine for its sink already is left as it is. */
  add(items: readonly QuarantineItem[]): void
  /** Within a transaction. */
  release(sink: string, offsets: readonly number[]): void
  /** The offsets after this one of records that the sink refused. */
  refusedAfter(sink: string, offset: number): readonly number[]
  /** When the items were accepted that the sink does not have: those that it refused, and those that could not be records. */
  minutesWithout(sink: string): readonly QuarantinedMinute[]
  counts(): readonly QuarantineCount[]
  /**
   * Within a transaction: deletes some of what is older, at most `limit`, and returns it. A record that its sink has not passed yet stays: it
   * would be sent again.
   */
  deleteBefore(atMs: number, limit: number): readonly DeletedItem[]
}

export function quarantineTable(database: DatabaseSync, orgs: OrgTable): QuarantineTable {
  const insert = prepare(
    database,
    `INSERT INTO quarantine (org_id, sink, reason, text, at_ms, record_offset, accepted_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const releaseOne = prepare(database, 'DELETE FROM quarantine WHERE sink = ? AND record_offset = ?')
  const offsetsAfter = prepare<{ offset: number }>(
    database,
    'SELECT record_offset AS "offset" FROM quarantine WHERE sink = ? AND record_offset > ? ORDER BY record_offset',
  )
  const minutes = prepare<QuarantinedMinute>(
    database,
    `SELECT org.name AS org, min(coalesce(accepted_at_ms, at_ms)) AS fromMs, max(coalesce(accepted_at_ms, at_ms)) AS toMs
     FROM quarantine JOIN org ON org.id = org_id WHERE sink IS NULL OR sink = ?
     GROUP BY org.name, coalesce(accepted_at_ms, at_ms) / 60000`,
  )
  const count = prepare<QuarantineCount>(
    database,
    `SELECT org.name AS org, sink, count(*) AS items FROM quarantine JOIN org ON org.id = org_id
     GROUP BY org.name, sink ORDER BY org.name, sink`,
  )
  const remove = prepare<DeletedItem>(
    database,
    `DELETE FROM quarantine WHERE id IN (
       SELECT id FROM quarantine LEFT JOIN sink ON sink.name = quarantine.sink
       WHERE at_ms < ? AND (record_offset IS NULL OR position_offset IS NULL OR record_offset <= position_offset)
       ORDER BY at_ms LIMIT ?)
     RETURNING sink, record_offset AS "offset", accepted_at_ms AS acceptedAtMs`,
  )
  return {
    add(items) {
      for (const { org, sink, reason, text, atMs, record } of items) {
        const { offset = null, acceptedAtMs = null } = record ?? {}
        insert.run(orgs.idOf(org), sink, reason, Buffer.from(text), atMs, offset, acceptedAtMs)
      }
    },
    release(sink, offsets) {
      for (const offset of offsets) releaseOne.run(sink, offset)
    },
    refusedAfter: (sink, after) => offsetsAfter.all(sink, after).map(({ offset }) => offset),
    minutesWithout: (sink) => minutes.all(sink).map((row) => ({ ...row })),
    counts: () => count.all().map((row) => ({ ...row })),
    deleteBefore: (atMs, limit) => remove.all(atMs, limit),
  }
}
