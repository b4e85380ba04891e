import { SinkFault } from '@cdrstream/sink-kit'
import type { Connection } from '../connection/connection.ts'
import { lockStatement } from './lock.ts'
import { type Month, monthAfter, monthAt } from './months.ts'
import {
  dropPartitionStatement,
  monthOfPartition,
  partitionName,
  partitionStatements,
} from './partition-statements.ts'
import { expiryCutoffMs, isExpired, readNewestHome } from './retention.ts'
import { type PartitionedTable, partitionedTables, quoted } from './tables.ts'

export interface PartitionOptions {
  readonly schema: string
  readonly keepRevisions: boolean
  readonly manageSchema: boolean
  readonly retentionMs?: number | undefined
}

const monthsAhead = 2

/** Maintains the partitions. Queries the server only for a new month, or on a new day. */
export class Partitions {
  readonly #options: PartitionOptions
  readonly #known = new Set<Month>()
  #maintainedOn = ''

  constructor(options: PartitionOptions) {
    this.#options = options
  }

  /**
   * Creates the partitions for these months and, once a day, for the next months. Drops partitions that have
   * expired.
   */
  async ensure(connection: Connection, months: ReadonlySet<Month>, nowMs: number): Promise<void> {
    const today = new Date(nowMs).toISOString().slice(0, 10)
    const isNewDay = today !== this.#maintainedOn
    if (!isNewDay && [...months].every((month) => this.#known.has(month))) return
    const current = monthAt(nowMs)
    const ahead = Array.from({ length: monthsAhead + 1 }, (_, index) => monthAfter(current, index))
    const { manageSchema } = this.#options
    const wanted = new Set(manageSchema ? [...months, ...ahead] : months)
    for (const table of partitionedTables(this.#options)) {
      // An earlier revision is moved to the partition of the same month in the table `revision`.
      const older =
        table === 'revision' ? await attachedMonths(connection, this.#options.schema, 'record') : []
      await this.#ensureTable(connection, table, new Set([...wanted, ...older]), nowMs)
    }
    for (const month of wanted) this.#known.add(month)
    this.#maintainedOn = today
  }

  async #ensureTable(
    connection: Connection,
    table: PartitionedTable,
    wanted: ReadonlySet<Month>,
    nowMs: number,
  ): Promise<void> {
    const { schema, manageSchema } = this.#options
    const present = await attachedMonths(connection, schema, table)
    const missing = missingMonths(present, wanted)
    if (missing.length > 0 && !manageSchema) throw missingPartition(schema, table, missing)
    if (missing.length === 0 && this.#expiredBy(present, nowMs).length === 0) return
    await connection.begin([lockStatement(schema)])
    const attached = await attachedMonths(connection, schema, table)
    const statements = missingMonths(attached, wanted).flatMap((month) => {
      const { create, attach } = partitionStatements(schema, table, month)
      return [create, attach]
    })
    const expired = await this.#expired(connection, attached, nowMs)
    const drops = expired.filter((month) => !wanted.has(month))
    await connection.commit([
      ...statements,
      ...drops.map((month) => dropPartitionStatement(schema, table, month)),
    ])
  }

  /**
   * Returns the months that have expired by both the clock and the newest home, so that a wrong clock cannot
   * drop anything.
   */
  async #expired(
    connection: Connection,
    attached: ReadonlySet<Month>,
    nowMs: number,
  ): Promise<readonly Month[]> {
    const byClock = this.#expiredBy(attached, nowMs)
    const { schema, retentionMs } = this.#options
    if (byClock.length === 0 || retentionMs === undefined) return []
    const newestHome = await readNewestHome(connection, schema)
    if (newestHome === undefined) return []
    const cutoffMs = expiryCutoffMs(retentionMs, newestHome, nowMs)
    return byClock.filter((month) => isExpired(month, cutoffMs))
  }

  #expiredBy(attached: ReadonlySet<Month>, nowMs: number): readonly Month[] {
    const { manageSchema, retentionMs } = this.#options
    if (retentionMs === undefined || !manageSchema) return []
    return [...attached].filter((month) => isExpired(month, nowMs - retentionMs))
  }
}

function missingMonths(attached: ReadonlySet<Month>, wanted: ReadonlySet<Month>): readonly Month[] {
  return [...wanted].filter((month) => !attached.has(month))
}

async function attachedMonths(
  connection: Connection,
  schema: string,
  table: PartitionedTable,
): Promise<ReadonlySet<Month>> {
  const rows = await connection.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass($1)`,
    [`${quoted(schema)}.${table}`],
  )
  return new Set(rows.flatMap(({ name }) => monthOfPartition(table, name) ?? []))
}

function missingPartition(schema: string, table: PartitionedTable, months: readonly Month[]): SinkFault {
  const [month = ''] = months
  const { create, attach } = partitionStatements(schema, table, month)
  const names = months.map((missing) => `${schema}.${partitionName(table, missing)}`)
  return new SinkFault(
    'partition-missing',
    `create the partitions ${names.join(', ')}: run the output of \`cdrstream schema postgres\`, or: ${create}; ${attach}`,
  )
}
