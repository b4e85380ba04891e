import type { Refusal } from '@cdrstream/plugin'
import { DatabaseError } from 'pg'
import type { Connection } from '../connection/connection.ts'
import { describeError } from '../describe-error.ts'
import { blamesRecord, copyLine } from '../record-to-blame.ts'
import type { RowEncoder, TableRow } from '../rows/row-encoder.ts'
import type { PartitionedTable } from '../schema/tables.ts'
import { type CopyOptions, copyAlone } from './copy-rows.ts'

/** The server aborted a COPY and named this row. */
export class RowFault extends Error {
  override readonly name = 'RowFault'
  override readonly cause: DatabaseError
  readonly table: PartitionedTable
  readonly row: TableRow

  constructor(table: PartitionedTable, row: TableRow, cause: DatabaseError) {
    super('the server rejected a row', { cause })
    this.table = table
    this.row = row
    this.cause = cause
  }
}

/**
 * Runs a COPY of these rows, in this order. Throws a `RowFault` if the server aborts the COPY and names a
 * row.
 */
export async function withRowFaults<Result>(
  table: PartitionedTable,
  encoder: RowEncoder,
  rows: readonly TableRow[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const line = copyLine(error)
    if (line === undefined || !(error instanceof DatabaseError) || !blamesRecord(error)) throw error
    const skipped = new Set(encoder.refused.map(({ index }) => index))
    const row = rows.filter(({ index }) => !skipped.has(index))[line - 1]
    throw row === undefined ? error : new RowFault(table, row, error)
  }
}

/**
 * Returns the refusal of a named row if copying it alone fails in the same way, otherwise undefined. The line
 * number alone is not proof, because the server can report an error at a later row than the one that caused
 * it. Writes nothing.
 */
export async function refusalOf(
  connection: Connection,
  { table, row, cause }: RowFault,
  encoder: RowEncoder,
  options: CopyOptions,
): Promise<Refusal | undefined> {
  try {
    await copyAlone(connection, table, row, encoder, options)
    return undefined
  } catch (error) {
    const isSame =
      error instanceof DatabaseError && error.code === cause.code && error.constraint === cause.constraint
    return isSame ? { index: row.index, reason: reasonOf(cause) } : undefined
  }
}

function reasonOf(cause: DatabaseError): string {
  return `PostgreSQL rejects the record: ${describeError(cause)}`
}
