import type { DatabaseSync } from 'node:sqlite'
import type { Position } from '@cdrstream/plugin'
import type { EncodedBlock } from '../blocks/encode-block.ts'
import { prepare } from '../database/statement.ts'

/** A block of records from one commit, without its payload. */
export interface BlockRow {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly org: string
  /** The id of the commit. */
  readonly commit: string
  /** When the newest record was accepted. */
  readonly acceptedAtMs: number
  readonly decodedBytes: number
  /** The size of the payload as stored. */
  readonly payloadBytes: number
  /**
   * The sink that refused these records before and is the only one to receive them. Null for ordinary blocks.
   */
  readonly onlySink?: string | null
}

/** The additional data of a block whose records were in quarantine. */
interface RetriedBlock {
  /** The only sink that receives these records; null for all sinks. */
  readonly sink: string | null
  /** Since when the sinks have missed these records' content, in milliseconds. */
  readonly missingFromMs: number
}

/** Records that were in quarantine and have not reached a sink yet. */
interface MissingBlock {
  readonly org: string
  readonly fromMs: number
  readonly toMs: number
}

/** The log of records. Offsets are contiguous: records are appended at the end and pruned from the start. */
export interface BlockTable {
  readonly incarnation: string
  /** Returns the position before the oldest record. */
  start(): Position
  /** Returns the position of the newest record, even if it was pruned. */
  end(): Position
  /**
   * Numbers the records and stores their blocks. Returns the new rows. Call it within the transaction of the
   * commit.
   */
  append(
    org: { readonly id: number; readonly name: string },
    commit: string,
    blocks: readonly EncodedBlock[],
    retried?: RetriedBlock,
  ): readonly BlockRow[]
  /** Returns the block that contains the first record after this offset. */
  after(offset: number): BlockRow | undefined
  /** Returns the oldest block with a record accepted at or after this time. */
  firstAcceptedSince(acceptedAtMs: number): BlockRow | undefined
  /** Returns the payload of a block, which must exist. */
  payload(lastOffset: number): Uint8Array
  /**
   * Returns the position with this offset, from 0 to the end. Throws RangeError if its commit is no longer
   * known.
   */
  positionOf(offset: number): Position
  owns(position: Position): boolean
  /** Returns the oldest blocks, at most this many. */
  oldest(limit: number): readonly BlockRow[]
  /**
   * Deletes the oldest blocks up to this last offset, and remembers their commits. Call it within a
   * transaction.
   */
  deleteThrough(lastOffset: number): void
  /** Returns the blocks of retried records after this offset that this sink receives. */
  missing(sink: string, offset: number): readonly MissingBlock[]
  /** Returns the size of all payloads. Reads every row. */
  payloadBytes(): number
}

/**
 * How many pruned blocks are remembered with their commit. For older positions, only the incarnation is
 * checked.
 */
export const commitLogBlocks = 10_000

interface CommitRow {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly commit: string
}

const blockColumns = `first_offset AS firstOffset, last_offset AS lastOffset, org.name AS org, commit_id AS "commit",
  accepted_at_ms AS acceptedAtMs, decoded_bytes AS decodedBytes, payload_bytes AS payloadBytes,
  sink AS onlySink`
const commitColumns = 'first_offset AS firstOffset, last_offset AS lastOffset, commit_id AS "commit"'

export function blockTable(database: DatabaseSync, incarnation: string): BlockTable {
  const first = prepare<CommitRow>(
    database,
    `SELECT ${commitColumns} FROM block ORDER BY last_offset LIMIT 1`,
  )
  const last = prepare<CommitRow>(
    database,
    `SELECT ${commitColumns} FROM (SELECT * FROM block ORDER BY last_offset DESC LIMIT 1)
     UNION ALL
     SELECT ${commitColumns} FROM (SELECT * FROM commit_log ORDER BY last_offset DESC LIMIT 1)
     ORDER BY lastOffset DESC LIMIT 1`,
  )
  const blockAt = prepare<CommitRow>(
    database,
    `SELECT ${commitColumns} FROM block WHERE last_offset >= ? ORDER BY last_offset LIMIT 1`,
  )
  const logAt = prepare<CommitRow>(
    database,
    `SELECT ${commitColumns} FROM commit_log WHERE last_offset >= ? ORDER BY last_offset LIMIT 1`,
  )
  const afterOffset = prepare<BlockRow>(
    database,
    `SELECT ${blockColumns} FROM block JOIN org ON org.id = org_id WHERE last_offset > ? ORDER BY last_offset LIMIT 1`,
  )
  const acceptedSince = prepare<BlockRow>(
    database,
    `SELECT ${blockColumns} FROM block JOIN org ON org.id = org_id
     WHERE accepted_at_ms >= ? ORDER BY last_offset LIMIT 1`,
  )
  const oldestRows = prepare<BlockRow>(
    database,
    `SELECT ${blockColumns} FROM block JOIN org ON org.id = org_id ORDER BY last_offset LIMIT ?`,
  )
  const missingIn = prepare<MissingBlock>(
    database,
    `SELECT org.name AS org, missing_from_ms AS fromMs, accepted_at_ms AS toMs FROM block JOIN org ON org.id = org_id
     WHERE missing_from_ms IS NOT NULL AND (sink IS NULL OR sink = ?) AND last_offset > ?`,
  )
  const payloadOf = prepare<{ zstd: Uint8Array }>(database, 'SELECT zstd FROM payload WHERE last_offset = ?')
  const sumPayloads = prepare<{ bytes: number }>(
    database,
    'SELECT coalesce(sum(payload_bytes), 0) AS bytes FROM block',
  )
  const insertBlock = prepare(
    database,
    `INSERT INTO block (last_offset, first_offset, org_id, commit_id, accepted_at_ms, decoded_bytes, payload_bytes,
       sink, missing_from_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertPayload = prepare(database, 'INSERT INTO payload (last_offset, zstd) VALUES (?, ?)')
  const logCommits = prepare(
    database,
    `INSERT INTO commit_log (last_offset, first_offset, commit_id)
     SELECT last_offset, first_offset, commit_id FROM block WHERE last_offset <= ?`,
  )
  const trimLog = prepare(
    database,
    `DELETE FROM commit_log WHERE last_offset <=
       (SELECT last_offset FROM commit_log ORDER BY last_offset DESC LIMIT 1 OFFSET ${commitLogBlocks})`,
  )
  const deleteBlocks = prepare(database, 'DELETE FROM block WHERE last_offset <= ?')

  const position = (offset: number, commit: string): Position => ({ incarnation, offset, commit })

  function end(): Position {
    const row = last.get()
    return row === undefined ? position(0, '') : position(row.lastOffset, row.commit)
  }

  /** Returns the commit that wrote this offset, or undefined if it is no longer known. */
  function commitAt(offset: number): string | undefined {
    const row = [blockAt.get(offset), logAt.get(offset)].find((found) => found && found.firstOffset <= offset)
    return offset === 0 ? '' : row?.commit
  }

  function positionOf(offset: number): Position {
    const commit = commitAt(offset)
    if (commit === undefined) throw new RangeError(`no commit is known for offset ${offset}`)
    return position(offset, commit)
  }

  return {
    incarnation,
    end,
    positionOf,
    start() {
      const row = first.get()
      return row === undefined ? end() : positionOf(row.firstOffset - 1)
    },
    append(org, commit, blocks, retried) {
      const { sink: onlySink = null, missingFromMs = null } = retried ?? {}
      let { offset } = end()
      return blocks.map(({ records, acceptedAtMs, decodedBytes, payload }) => {
        const firstOffset = offset + 1
        offset += records.length
        const payloadBytes = payload.length
        const sizes = [decodedBytes, payloadBytes]
        insertBlock.run(offset, firstOffset, org.id, commit, acceptedAtMs, ...sizes, onlySink, missingFromMs)
        insertPayload.run(offset, payload)
        return {
          firstOffset,
          lastOffset: offset,
          org: org.name,
          commit,
          acceptedAtMs,
          decodedBytes,
          payloadBytes,
          onlySink,
        }
      })
    },
    after: (offset) => afterOffset.get(offset),
    firstAcceptedSince: (acceptedAtMs) => acceptedSince.get(acceptedAtMs),
    payload(lastOffset) {
      const row = payloadOf.get(lastOffset)
      if (row === undefined) throw new Error(`the journal is damaged: no payload for offset ${lastOffset}`)
      return row.zstd
    },
    owns({ incarnation: other, offset, commit }) {
      if (other !== incarnation || !Number.isSafeInteger(offset) || offset < 0 || offset > end().offset)
        return false
      return (commitAt(offset) ?? commit) === commit
    },
    missing: (sink, offset) => missingIn.all(sink, offset).map((row) => ({ ...row })),
    oldest: (limit) => oldestRows.all(limit),
    deleteThrough(lastOffset) {
      logCommits.run(lastOffset)
      trimLog.run()
      deleteBlocks.run(lastOffset)
    },
    payloadBytes: () => sumPayloads.get()?.bytes ?? 0,
  }
}
