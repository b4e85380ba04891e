import type { Connection } from '../connection/connection.ts'
import type { RowEncoder, RowRecord } from '../rows/row-encoder.ts'
import { columnList } from '../rows/table-columns.ts'
import { type PartitionedTable, quoted } from '../schema/tables.ts'

export interface CopyOptions {
  readonly schema: string
  readonly rawText: boolean
}

/** Copies the rows that the encoder holds, and then these, into the table. */
export async function copyRows(
  connection: Connection,
  table: PartitionedTable,
  encoder: RowEncoder,
  rows: Iterable<RowRecord>,
  options: CopyOptions,
): Promise<void> {
  await connection.copy(
    `copy ${quoted(options.schema)}.${table} (${columnList(options)}) from stdin (format binary)`,
    partsOf(encoder, rows),
  )
}

/** Small enough that the server starts soon. */
const partBytes = 1 << 18

function* partsOf(encoder: RowEncoder, rows: Iterable<RowRecord>): Generator<Buffer> {
  for (const row of rows) {
    encoder.add(row)
    if (encoder.bytes >= partBytes) yield encoder.take()
  }
  yield encoder.end()
}
