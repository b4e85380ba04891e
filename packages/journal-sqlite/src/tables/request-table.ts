import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'

/** A command's request to the collector. The journal does not interpret arguments, progress or result. */
export interface JournalRequest {
  readonly id: number
  readonly kind: string
  readonly arguments: unknown
  readonly atMs: number
  /**
   * - `new`: not started
   * - `running`: started; continues after the collector restarts
   * - `done`, `refused`: finished; `result` has the details
   */
  readonly state: 'new' | 'running' | 'done' | 'refused'
  /** The progress of a running request; undefined before it has started. */
  readonly progress: unknown
  readonly result: unknown
}

/** A change to a request. */
export interface RequestChange {
  readonly state: Exclude<JournalRequest['state'], 'new'>
  readonly progress?: unknown
  readonly result?: unknown
}

export interface RequestTable {
  /** Returns the id of the new request. Call it within a transaction. */
  add(kind: string, given: unknown, atMs: number): number
  find(id: number): JournalRequest | undefined
  /** Returns the unfinished requests, in order. */
  open(): readonly JournalRequest[]
  /** Call it within a transaction. */
  change(id: number, change: RequestChange): void
}

/** How many requests are kept, so that a command that checks late still finds its result. */
const keptRequests = 1_000

interface RequestRow {
  readonly id: number
  readonly kind: string
  readonly arguments: string
  readonly atMs: number
  readonly state: JournalRequest['state']
  readonly progress: string | null
  readonly result: string | null
}

export function requestTable(database: DatabaseSync): RequestTable {
  const columns = 'id, kind, arguments, at_ms AS atMs, state, progress, result'
  const insert = prepare<{ id: number }>(
    database,
    `INSERT INTO request (kind, arguments, at_ms, state) VALUES (?, ?, ?, 'new') RETURNING id`,
  )
  const removeOld = prepare(
    database,
    `DELETE FROM request WHERE id <= ? - ${keptRequests} AND state NOT IN ('new', 'running')`,
  )
  const select = prepare<RequestRow>(database, `SELECT ${columns} FROM request WHERE id = ?`)
  const selectOpen = prepare<RequestRow>(
    database,
    `SELECT ${columns} FROM request WHERE state IN ('new', 'running') ORDER BY id`,
  )
  const update = prepare(
    database,
    'UPDATE request SET state = ?2, progress = coalesce(?3, progress), result = ?4 WHERE id = ?1',
  )
  return {
    add(kind, given, atMs) {
      const id = insert.get(kind, JSON.stringify(given), atMs)?.id
      if (id === undefined) throw new Error('the insert returned no row')
      removeOld.run(id)
      return id
    },
    find(id) {
      const row = select.get(id)
      return row && requestOf(row)
    },
    open: () => selectOpen.all().map(requestOf),
    change: (id, { state, progress, result }) => update.run(id, state, jsonOf(progress), jsonOf(result)),
  }
}

function requestOf({ arguments: given, progress, result, ...row }: RequestRow): JournalRequest {
  return { ...row, arguments: JSON.parse(given), progress: parsed(progress), result: parsed(result) }
}

function parsed(json: string | null): unknown {
  return json === null ? undefined : JSON.parse(json)
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
