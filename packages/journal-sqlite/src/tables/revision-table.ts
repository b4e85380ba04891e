import type { DatabaseSync } from 'node:sqlite'
import type { Revision } from '@cdrstream/core'
import type { AcceptedRecord } from '@cdrstream/engine'
import { prepare } from '../database/statement.ts'
import { packText, unpackText } from './compact-text.ts'
import { dayNumber, dayText } from './utc-day.ts'

/** What is remembered of each key, in two generations. */
export interface RevisionTable {
  /** Of the keys that are known; the revisions of a key in the order of rank. */
  find(orgId: number, keys: readonly string[]): ReadonlyMap<string, readonly Revision[]>
  /**
   * Within a transaction. A revision that is known already breaks the contract of the caller, and throws. `nowMs` turns
   * the generations over: what is older than `rememberMs` may go.
   */
  remember(orgId: number, revisions: readonly PackedRevision[], nowMs: number): void
}

export interface PackedRevision {
  readonly key: Uint8Array
  readonly fingerprint: Uint8Array
  readonly rank: number
  readonly home: number
}

/** Packs the revisions in the order of their keys: neighbours in the tree are then written one after the other. */
export function packRevisions(records: readonly AcceptedRecord[]): readonly PackedRevision[] {
  return records
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ key, fingerprint, rank, home }) => ({
      key: packText(key),
      fingerprint: packText(fingerprint),
      rank,
      home: dayNumber(home),
    }))
}

/** Of one look-up. Parameters that are not given are NULL, which no key equals. */
const keysAtOnce = 100

interface RevisionRow {
  readonly key: Uint8Array
  readonly fingerprint: Uint8Array
  readonly rank: number
  readonly home: number
}

interface GenerationRow {
  readonly generation: 0 | 1
  readonly sinceMs: number | null
}

export function revisionTable(database: DatabaseSync, rememberMs: number): RevisionTable {
  const isWanted = `org_id = ?1 AND key IN (${Array.from({ length: keysAtOnce }, (_, at) => `?${at + 2}`).join()})`
  const select = prepare<RevisionRow>(
    database,
    `SELECT key, fingerprint, rank, home FROM revision_0 WHERE ${isWanted}
     UNION ALL SELECT key, fingerprint, rank, home FROM revision_1 WHERE ${isWanted}`,
  )
  const insert = ([0, 1] as const).map((generation) =>
    prepare(
      database,
      `INSERT INTO revision_${generation} (org_id, key, fingerprint, rank, home) VALUES (?, ?, ?, ?, ?)`,
    ),
  )
  const selectGeneration = prepare<GenerationRow>(
    database,
    'SELECT generation, generation_since_ms AS sinceMs FROM meta',
  )
  const setGeneration = prepare(database, 'UPDATE meta SET generation = ?, generation_since_ms = ?')

  function currentGeneration(nowMs: number): 0 | 1 {
    const { generation, sinceMs } = selectGeneration.get() ?? { generation: 0, sinceMs: null }
    // A clock that had jumped ahead must not keep a generation for as long.
    if (sinceMs === null || sinceMs > nowMs) {
      setGeneration.run(generation, nowMs)
      return generation
    }
    if (nowMs - sinceMs < rememberMs) return generation
    const elder = generation === 0 ? 1 : 0
    // Without a WHERE, SQLite drops the pages of the table without looking at its rows.
    database.exec(`DELETE FROM revision_${elder}`)
    setGeneration.run(elder, nowMs)
    return elder
  }

  return {
    find(orgId, keys) {
      const found = new Map<string, Revision[]>()
      const packed = keys.map(packText)
      for (let at = 0; at < packed.length; at += keysAtOnce) {
        for (const row of select.all(orgId, ...packed.slice(at, at + keysAtOnce))) {
          const key = unpackText(row.key)
          const revisions = found.get(key)
          if (revisions === undefined) found.set(key, [revisionOf(row)])
          else revisions.push(revisionOf(row))
        }
      }
      for (const revisions of found.values()) revisions.sort((a, b) => a.rank - b.rank)
      return found
    },
    remember(orgId, revisions, nowMs) {
      const statement = insert[currentGeneration(nowMs)]
      for (const { key, fingerprint, rank, home } of revisions)
        statement?.run(orgId, key, fingerprint, rank, home)
    },
  }
}

function revisionOf({ fingerprint, rank, home }: RevisionRow): Revision {
  return { fingerprint: unpackText(fingerprint), rank, home: dayText(home) }
}
