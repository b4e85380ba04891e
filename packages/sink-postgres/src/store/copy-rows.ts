import type { Connection } from '../connection/connection.ts'
import type { RowEncoder, TableRow } from '../rows/row-encoder.ts'
import { columnList } from '../rows/table-columns.ts'
import { lockStatement } from '../schema/lock.ts'
import { type PartitionedTable, quoted } from '../schema/tables.ts'
import { removeRows } from './known-records.ts'

export interface CopyOptions {
  readonly schema: string
  readonly rawText: boolean
}

/** Copies the rows that the encoder already holds into the table, followed by these rows. */
export async function copyRows(
  connection: Connection,
  table: PartitionedTable,
  encoder: RowEncoder,
  rows: Iterable<TableRow>,
  options: CopyOptions,
): Promise<void> {
  await connection.copy(
    `copy ${quoted(options.schema)}.${table} (${columnList(options)}) from stdin (format binary)`,
    partsOf(encoder, rows),
  )
}

/**
 * Copies one row in place of its earlier revision, then rolls back. Throws the server's error if the copy
 * fails.
 */
export async function copyAlone(
  connection: Connection,
  table: PartitionedTable,
  row: TableRow,
  encoder: RowEncoder,
  options: CopyOptions,
): Promise<void> {
  await connection.begin([lockStatement(options.schema)])
  try {
    if (table === 'record') await removeRows(connection, [row], { ...options, keepRevisions: false })
    encoder.begin()
    await copyRows(connection, table, encoder, [row], options)
  } finally {
    await connection.rollback()
  }
}

/** Small enough for the server to start early. */
const partBytes = 1 << 18

function* partsOf(encoder: RowEncoder, rows: Iterable<TableRow>): Generator<Buffer> {
  for (const row of rows) {
    encoder.add(row)
    if (encoder.bytes >= partBytes) yield encoder.take()
  }
  yield encoder.end()
}
