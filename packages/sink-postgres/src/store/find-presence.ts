import type { Presence, RecordReference } from '@cdrstream/plugin'
import { DatabaseError } from 'pg'
import type { Connection } from '../connection/connection.ts'
import { monthOf } from '../schema/months.ts'
import { expiryCutoffMs, isExpired, readNewestHome } from '../schema/retention.ts'
import { daysAround } from './days-around.ts'
import { findRows } from './known-records.ts'

export interface PresenceOptions {
  readonly schema: string
  readonly manageSchema: boolean
  readonly retentionMs?: number | undefined
}

const undefinedTable = '42P01'

/**
 * Returns for each record whether the table has this revision or a newer one. If the table does not exist,
 * all records are absent.
 */
export async function findPresence(
  connection: Connection,
  records: readonly RecordReference[],
  options: PresenceOptions,
): Promise<readonly Presence[]> {
  try {
    const known = await findKnown(connection, records, options.schema)
    const cutoffMs = await readCutoffMs(connection, options)
    return records.map(({ rank, home }, at) => {
      if (known[at] !== undefined && known[at].rank >= rank) return 'present'
      return isExpired(monthOf(home), cutoffMs) ? 'expired' : 'absent'
    })
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== undefinedTable) throw error
    return records.map(() => 'absent')
  }
}

/**
 * Looks up the records by their homes, and the remaining ones on the surrounding days, because another
 * journal may have assigned a different home.
 */
async function findKnown(connection: Connection, records: readonly RecordReference[], schema: string) {
  const homes = new Set(records.map(({ home }) => home))
  const known = await findRows(connection, schema, records.map(asRow), [...homes])
  const unknown = records.filter((_, at) => known[at] === undefined)
  if (unknown.length === 0) return known
  const days = daysAround(unknown.map(({ home }) => Date.parse(home)))
  const elsewhere = (await findRows(connection, schema, unknown.map(asRow), days)).values()
  return known.map((stored) => stored ?? elsewhere.next().value)
}

function asRow(record: RecordReference) {
  return { record }
}

/** Ignores the clock. If the clock were behind, records removed by retention would count as lost. */
async function readCutoffMs(
  connection: Connection,
  { schema, manageSchema, retentionMs }: PresenceOptions,
): Promise<number> {
  const newestHome =
    manageSchema && retentionMs !== undefined ? await readNewestHome(connection, schema) : undefined
  return newestHome === undefined || retentionMs === undefined
    ? Number.NEGATIVE_INFINITY
    : expiryCutoffMs(retentionMs, newestHome)
}
