import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'

/** Selects items in quarantine. An omitted field matches every item. */
export interface QuarantineFilter {
  readonly ids?: readonly number[] | undefined
  readonly org?: string | undefined
  /** The sink that refused the items. */
  readonly sink?: string | undefined
  /** `unreadable`: items that could not be read as records. */
  readonly kind?: 'unreadable' | undefined
  /** Part of the reason, case-insensitive. */
  readonly reason?: string | undefined
}

/** Limits and orders the matching items. */
export interface QuarantineRange {
  readonly order: 'newest-first' | 'oldest-first'
  readonly limit: number
  /** Only items with a greater id. */
  readonly afterId?: number
  /** Only items with this id or a smaller one. */
  readonly throughId?: number
}

/** An item in quarantine, as shown to an operator. */
export interface QuarantinedItem {
  /** Never reused. A record that is refused again becomes a new item. */
  readonly id: number
  readonly org: string
  /** The sink that refused the record; null if the item could not be read as a record. */
  readonly sink: string | null
  readonly reason: string
  readonly atMs: number
  /** For a record: its offset in the journal, and when it was accepted. */
  readonly offset: number | null
  readonly acceptedAtMs: number | null
  readonly bytes: number
  /**
   * Whether the sink has acknowledged everything up to this record. Until then, the item must stay, so that
   * deliveries skip the record.
   */
  readonly isPassed: boolean
}

export interface QuarantineQuery {
  items(filter: QuarantineFilter, range: QuarantineRange): readonly QuarantinedItem[]
  /** `throughId`: counts only items with this id or a smaller one. */
  count(filter: QuarantineFilter, throughId?: number): number
  /** Returns the id of the newest item; 0 if there has never been one. */
  newestId(): number
  /** Returns the text that the API sent; undefined if there is no such item. */
  text(id: number): Uint8Array | undefined
  /** Returns how many records in this span of offsets are in quarantine for a sink. */
  refusedWithin(sink: string, fromOffset: number, toOffset: number): number
}

interface ItemRow extends Omit<QuarantinedItem, 'isPassed'> {
  readonly isPassed: number
}

const matching = `FROM quarantine JOIN org ON org.id = org_id LEFT JOIN sink AS place ON place.name = quarantine.sink
   WHERE (?1 IS NULL OR quarantine.id IN (SELECT value FROM json_each(?1)))
     AND (?2 IS NULL OR org.name = ?2) AND (?3 IS NULL OR quarantine.sink = ?3)
     AND (?4 IS NULL OR quarantine.sink IS NULL) AND (?5 IS NULL OR instr(lower(reason), lower(?5)) > 0)`
const columns = `quarantine.id AS id, org.name AS org, quarantine.sink AS sink, reason, at_ms AS atMs,
   record_offset AS "offset", accepted_at_ms AS acceptedAtMs, length(text) AS bytes,
   record_offset IS NULL OR position_offset IS NULL OR record_offset <= position_offset AS isPassed`

export function quarantineQuery(database: DatabaseSync): QuarantineQuery {
  const select = (order: 'ASC' | 'DESC') =>
    prepare<ItemRow>(
      database,
      `SELECT ${columns} ${matching} AND quarantine.id > ?6 AND quarantine.id <= ?7
       ORDER BY quarantine.id ${order} LIMIT ?8`,
    )
  const newestFirst = select('DESC')
  const oldestFirst = select('ASC')
  const countAll = prepare<{ items: number }>(
    database,
    `SELECT count(*) AS items ${matching} AND quarantine.id <= ?6`,
  )
  const newest = prepare<{ id: number }>(
    database,
    'SELECT max(id, (SELECT coalesce(max(quarantine.id), 0) FROM quarantine)) AS id FROM quarantine_newest',
  )
  const selectText = prepare<{ text: Uint8Array }>(database, 'SELECT text FROM quarantine WHERE id = ?')
  const countWithin = prepare<{ items: number }>(
    database,
    'SELECT count(*) AS items FROM quarantine WHERE sink = ? AND record_offset BETWEEN ? AND ?',
  )
  const parameters = ({ ids, org, sink, kind, reason }: QuarantineFilter) =>
    [
      ids === undefined ? null : JSON.stringify(ids),
      org ?? null,
      sink ?? null,
      kind ?? null,
      reason ?? null,
    ] as const

  return {
    items(filter, { order, limit, afterId = 0, throughId = Number.MAX_SAFE_INTEGER }) {
      const statement = order === 'newest-first' ? newestFirst : oldestFirst
      return statement
        .all(...parameters(filter), afterId, throughId, limit)
        .map(({ isPassed, ...row }) => ({ ...row, isPassed: isPassed === 1 }))
    },
    count: (filter, throughId = Number.MAX_SAFE_INTEGER) =>
      countAll.get(...parameters(filter), throughId)?.items ?? 0,
    newestId: () => newest.get()?.id ?? 0,
    text: (id) => selectText.get(id)?.text,
    refusedWithin: (sink, from, to) => countWithin.get(sink, from, to)?.items ?? 0,
  }
}
