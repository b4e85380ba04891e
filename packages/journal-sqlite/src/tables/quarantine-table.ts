import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { QuarantineItem } from '@cdrstream/engine'
import { prepare } from '../database/statement.ts'
import { droppedTable } from './dropped-table.ts'
import type { OrgTable } from './org-table.ts'
import type { QuarantineCount } from './quarantine-count.ts'

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

interface OldItem extends DeletedItem {
  readonly id: number
  readonly orgId: number
  readonly atMs: number
  readonly bytes: number
}

export interface QuarantineTable {
  /**
   * Within a transaction. A record that is in quarantine for its sink already is left as it is, and so is an
   * item that is there for its org. Items that cannot be records are counted as dropped where there is no
   * room.
   */
  add(items: readonly QuarantineItem[]): void
  /** Within a transaction. */
  release(sink: string, offsets: readonly number[]): void
  /** The offsets after this one of records that the sink refused. */
  refusedAfter(sink: string, offset: number): readonly number[]
  /**
   * When the items were accepted that the sink does not have: those that it refused, and those that could not
   * be records.
   */
  minutesWithout(sink: string): readonly QuarantinedMinute[]
  counts(): readonly QuarantineCount[]
  /** What there was no room for, since the journal was created. */
  dropped(): readonly QuarantineCount[]
  /** About what it takes of the file. */
  bytes(): number
  /**
   * Within a transaction: deletes the oldest items, at most `limit`, while there are more bytes than it may
   * take, and returns them. A record that its sink has not passed yet stays: it would be sent again.
   */
  deleteExcess(limit: number): readonly DeletedItem[]
  /**
   * Within a transaction: deletes some of what is older, at most `limit`, and returns it; in the same way.
   */
  deleteBefore(atMs: number, limit: number): readonly DeletedItem[]
}

/** Of a row, beside its text. */
const rowBytes = 200

export interface QuarantineBounds {
  /** About what it may take of the file. */
  readonly bytes: number
  /**
   * Items that cannot be records. A million of a few bytes each would be within `bytes`, and no one could
   * look through them.
   */
  readonly noRecords: number
}

export function quarantineTable(
  database: DatabaseSync,
  orgs: OrgTable,
  bounds: QuarantineBounds,
): QuarantineTable {
  const insert = prepare<{ id: number }>(
    database,
    `INSERT INTO quarantine (org_id, sink, reason, text, at_ms, record_offset, accepted_at_ms, content_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
  )
  const findContent = prepare(
    database,
    'SELECT 1 FROM quarantine WHERE org_id = ? AND content_hash = ? AND sink IS NULL',
  )
  const sumBytes = prepare<{ bytes: number }>(
    database,
    `SELECT coalesce(sum(length(text) + ${rowBytes}), 0) AS bytes FROM quarantine`,
  )
  const countNoRecords = prepare<{ items: number }>(
    database,
    'SELECT count(*) AS items FROM quarantine WHERE sink IS NULL',
  )
  const dropped = droppedTable(database)
  // What its sink has not passed yet is still to be left out of what that sink is sent.
  const passed = '(record_offset IS NULL OR position_offset IS NULL OR record_offset <= position_offset)'
  const oldest = prepare<OldItem>(
    database,
    `SELECT id, org_id AS orgId, sink, record_offset AS "offset", accepted_at_ms AS acceptedAtMs,
       coalesce(accepted_at_ms, at_ms) AS atMs, length(text) + ${rowBytes} AS bytes
     FROM quarantine LEFT JOIN sink ON sink.name = quarantine.sink WHERE ${passed} ORDER BY at_ms, id LIMIT ?`,
  )
  const removeOne = prepare(database, 'DELETE FROM quarantine WHERE id = ?')
  const releaseOne = prepare(database, 'DELETE FROM quarantine WHERE sink = ? AND record_offset = ?')
  const offsetsAfter = prepare<{ offset: number }>(
    database,
    'SELECT record_offset AS "offset" FROM quarantine WHERE sink = ? AND record_offset > ? ORDER BY record_offset',
  )
  const minutes = prepare<QuarantinedMinute>(
    database,
    `SELECT org.name AS org, min(coalesce(accepted_at_ms, at_ms)) AS fromMs, max(coalesce(accepted_at_ms, at_ms)) AS toMs
     FROM quarantine JOIN org ON org.id = org_id WHERE sink IS NULL OR sink = ?1
     GROUP BY org.name, coalesce(accepted_at_ms, at_ms) / 60000`,
  )
  const count = prepare<QuarantineCount>(
    database,
    `SELECT org.name AS org, sink, count(*) AS items FROM quarantine JOIN org ON org.id = org_id
     GROUP BY org.name, sink ORDER BY org.name, sink`,
  )
  const remove = prepare<DeletedItem & Pick<OldItem, 'orgId' | 'atMs'>>(
    database,
    `DELETE FROM quarantine WHERE id IN (
       SELECT id FROM quarantine LEFT JOIN sink ON sink.name = quarantine.sink
       WHERE at_ms < ? AND ${passed}
       ORDER BY at_ms LIMIT ?)
     RETURNING org_id AS orgId, sink, record_offset AS "offset", accepted_at_ms AS acceptedAtMs, at_ms AS atMs`,
  )
  /**
   * Undefined: to be summed up again. A transaction that is rolled back leaves too large a sum, never too
   * small a one.
   */
  let knownBytes: number | undefined
  const bytes = () => {
    knownBytes ??= sumBytes.get()?.bytes ?? 0
    return knownBytes
  }
  /** In the same way. */
  let knownNoRecords: number | undefined
  const noRecords = () => {
    knownNoRecords ??= countNoRecords.get()?.items ?? 0
    return knownNoRecords
  }
  const hasRoomFor = (sizeBytes: number) =>
    bytes() + sizeBytes <= bounds.bytes && noRecords() < bounds.noRecords

  return {
    add(items) {
      for (const { org, sink, reason, text, atMs, record } of items) {
        const orgId = orgs.idOf(org)
        const content = typeof text === 'string' ? Buffer.from(text) : text
        const hash = sink === null ? createHash('sha1').update(content).digest() : null
        const sizeBytes = content.length + rowBytes
        if (hash !== null && !hasRoomFor(sizeBytes)) {
          if (findContent.get(orgId, hash) === undefined) dropped.add(orgId, '', atMs, 1)
          continue
        }
        const { offset = null, acceptedAtMs = null } = record ?? {}
        const added = insert.get(orgId, sink, reason, content, atMs, offset, acceptedAtMs, hash)
        if (added === undefined) continue
        knownBytes = bytes() + sizeBytes
        if (hash !== null) knownNoRecords = noRecords() + 1
      }
    },
    release(sink, offsets) {
      for (const offset of offsets) releaseOne.run(sink, offset)
      knownBytes = undefined
    },
    dropped: dropped.counts,
    bytes,
    deleteExcess(limit) {
      let excessBytes = bytes() - bounds.bytes
      if (excessBytes <= 0) return []
      const deleted: DeletedItem[] = []
      for (const item of oldest.all(limit)) {
        if (excessBytes <= 0) break
        removeOne.run(item.id)
        dropped.add(item.orgId, item.sink ?? '', item.atMs, 1)
        excessBytes -= item.bytes
        deleted.push(item)
      }
      knownBytes = undefined
      knownNoRecords = undefined
      return deleted
    },
    refusedAfter: (sink, after) => offsetsAfter.all(sink, after).map(({ offset }) => offset),
    minutesWithout: (sink) => [...minutes.all(sink).map((row) => ({ ...row })), ...dropped.spansOf(sink)],
    counts: () => count.all().map((row) => ({ ...row })),
    deleteBefore(atMs, limit) {
      knownBytes = undefined
      knownNoRecords = undefined
      const deleted = remove.all(atMs, limit)
      // Of a record that a sink refused, the caller makes a gap of that sink.
      for (const item of deleted) if (item.sink === null) dropped.add(item.orgId, '', item.atMs, 0)
      return deleted
    },
  }
}
