import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { QuarantineItem } from '@cdrstream/engine'
import { prepare } from '../database/statement.ts'
import { droppedTable } from './dropped-table.ts'
import type { OrgTable } from './org-table.ts'
import type { QuarantineCount } from './quarantine-count.ts'

/** Items of an org that arrived within one minute. */
interface QuarantinedMinute {
  readonly org: string
  readonly fromMs: number
  readonly toMs: number
}

/** An item that was deleted from quarantine. `sink` and `offset` are null if it never was a record. */
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
   * Adds items that are not in quarantine yet: a record once per sink, an item that cannot be a record once
   * per org. If quarantine is full, an item that cannot be a record is only counted as dropped.
   * Call it within a transaction.
   */
  add(items: readonly QuarantineItem[]): void
  /** Removes refused records. Call it within a transaction. */
  release(sink: string, offsets: readonly number[]): void
  /** Removes these items and returns them. Call it within a transaction. */
  remove(ids: readonly number[]): readonly DeletedItem[]
  /**
   * Permanently deletes these items and returns them. Items that could not be read as records become missing
   * from the sinks. Call it within a transaction.
   */
  drop(ids: readonly number[]): readonly DeletedItem[]
  /** Changes an item's reason. Call it within a transaction. */
  setReason(id: number, reason: string): void
  /** Deletes the records that a sink refused. Call it within a transaction. */
  forgetSink(sink: string): void
  /** Returns the offsets of records after this one that the sink refused. */
  refusedAfter(sink: string, offset: number): readonly number[]
  /**
   * Returns the acceptance times of the items that the sink does not have: records that it refused, and items
   * that could not be records.
   */
  minutesWithout(sink: string): readonly QuarantinedMinute[]
  counts(): readonly QuarantineCount[]
  /** Returns how many items have been dropped since the journal was created. */
  dropped(): readonly QuarantineCount[]
  /** Returns the approximate size of quarantine in the file. */
  bytes(): number
  /**
   * Deletes the oldest items, at most `limit`, while quarantine exceeds its share, and returns them. A record
   * that its sink has not passed yet stays, or it would be sent again. Call it within a transaction.
   */
  deleteExcess(limit: number): readonly DeletedItem[]
  /** Deletes items older than this time, at most `limit`, in the same way. */
  deleteBefore(atMs: number, limit: number): readonly DeletedItem[]
}

/** The approximate size of a row without its text. */
const rowBytes = 200

export interface QuarantineBounds {
  /** The approximate maximum size of quarantine in the file. */
  readonly bytes: number
  /**
   * The maximum number of items that cannot be records. A million tiny ones would fit within `bytes`, but no
   * one could review them.
   */
  readonly invalidItems: number
}

export function quarantineTable(
  database: DatabaseSync,
  orgs: OrgTable,
  bounds: QuarantineBounds,
): QuarantineTable {
  const insert = prepare<{ id: number }>(
    database,
    `INSERT INTO quarantine (id, org_id, sink, reason, text, at_ms, record_offset, accepted_at_ms, content_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
  )
  // Otherwise, SQLite would reuse the newest item's id once that item is deleted.
  const newId = prepare<{ id: number }>(
    database,
    `UPDATE quarantine_newest SET id = 1 + max(id, (SELECT coalesce(max(quarantine.id), 0) FROM quarantine))
     RETURNING id`,
  )
  const findContent = prepare(
    database,
    'SELECT 1 FROM quarantine WHERE org_id = ? AND content_hash = ? AND sink IS NULL',
  )
  const sumBytes = prepare<{ bytes: number }>(
    database,
    `SELECT coalesce(sum(length(text) + ${rowBytes}), 0) AS bytes FROM quarantine`,
  )
  const countInvalidItems = prepare<{ items: number }>(
    database,
    'SELECT count(*) AS items FROM quarantine WHERE sink IS NULL',
  )
  const dropped = droppedTable(database)
  // A refused record must stay until its sink has passed it, because until then deliveries must omit it.
  const passed = '(record_offset IS NULL OR position_offset IS NULL OR record_offset <= position_offset)'
  const oldest = prepare<OldItem>(
    database,
    `SELECT id, org_id AS orgId, sink, record_offset AS "offset", accepted_at_ms AS acceptedAtMs,
       coalesce(accepted_at_ms, at_ms) AS atMs, length(text) + ${rowBytes} AS bytes
     FROM quarantine LEFT JOIN sink ON sink.name = quarantine.sink WHERE ${passed} ORDER BY at_ms, id LIMIT ?`,
  )
  const removeOne = prepare(database, 'DELETE FROM quarantine WHERE id = ?')
  const removeThese = prepare<DeletedItem & Pick<OldItem, 'orgId' | 'atMs'>>(
    database,
    `DELETE FROM quarantine WHERE id IN (SELECT value FROM json_each(?))
     RETURNING org_id AS orgId, sink, record_offset AS "offset", accepted_at_ms AS acceptedAtMs, at_ms AS atMs`,
  )
  const updateReason = prepare(database, 'UPDATE quarantine SET reason = ? WHERE id = ?')
  const removeOfSink = prepare(database, 'DELETE FROM quarantine WHERE sink = ?')
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
  /** Undefined if the sum must be computed again. After a rollback it is too large, never too small. */
  let knownBytes: number | undefined
  const bytes = () => {
    knownBytes ??= sumBytes.get()?.bytes ?? 0
    return knownBytes
  }
  /** Handled like `knownBytes`. */
  let knownInvalidItems: number | undefined
  const invalidItems = () => {
    knownInvalidItems ??= countInvalidItems.get()?.items ?? 0
    return knownInvalidItems
  }
  const takeOut = (ids: readonly number[]) => {
    knownBytes = undefined
    knownInvalidItems = undefined
    return removeThese.all(JSON.stringify(ids)).map((row) => ({ ...row }))
  }
  const hasRoomFor = (sizeBytes: number) =>
    bytes() + sizeBytes <= bounds.bytes && invalidItems() < bounds.invalidItems

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
        const id = newId.get()?.id
        if (id === undefined) throw new Error('the update returned no row')
        const added = insert.get(id, orgId, sink, reason, content, atMs, offset, acceptedAtMs, hash)
        if (added === undefined) continue
        knownBytes = bytes() + sizeBytes
        if (hash !== null) knownInvalidItems = invalidItems() + 1
      }
    },
    release(sink, offsets) {
      for (const offset of offsets) releaseOne.run(sink, offset)
      knownBytes = undefined
    },
    remove: takeOut,
    drop(ids) {
      const deleted = takeOut(ids)
      for (const { sink, orgId, atMs } of deleted) if (sink === null) dropped.add(orgId, '', atMs, 0)
      return deleted
    },
    setReason: (id, reason) => updateReason.run(reason, id),
    forgetSink(sink) {
      knownBytes = undefined
      removeOfSink.run(sink)
      dropped.forgetSink(sink)
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
      knownInvalidItems = undefined
      return deleted
    },
    refusedAfter: (sink, after) => offsetsAfter.all(sink, after).map(({ offset }) => offset),
    minutesWithout: (sink) => [...minutes.all(sink).map((row) => ({ ...row })), ...dropped.spansOf(sink)],
    counts: () => count.all().map((row) => ({ ...row })),
    deleteBefore(atMs, limit) {
      knownBytes = undefined
      knownInvalidItems = undefined
      const deleted = remove.all(atMs, limit)
      // For a record that a sink refused, the caller records a gap for that sink instead.
      for (const item of deleted) if (item.sink === null) dropped.add(item.orgId, '', item.atMs, 0)
      return deleted
    },
  }
}
