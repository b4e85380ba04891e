import type { Refusal } from '@cdrstream/plugin'
import { DatabaseError } from 'pg'
import type { Connection } from '../connection/connection.ts'
import { describeError } from '../describe-error.ts'
import { blamesRecord, copyLine } from '../record-to-blame.ts'
import type { RowEncoder, TableRow } from '../rows/row-encoder.ts'
import type { PartitionedTable } from '../schema/tables.ts'
import { type CopyOptions, copyAlone } from './copy-rows.ts'

/** A row that the server named when it broke off a COPY. */
export class RowFault extends Error {
  override readonly name = 'RowFault'
  override readonly cause: DatabaseError
  readonly table: PartitionedTable
  readonly row: TableRow

  constructor(table: PartitionedTable, row: TableRow, cause: DatabaseError) {
    super('the server names a row', { cause })
    this.table = table
    this.row = row
    this.cause = cause
  }
}

/**
 * Runs a COPY, and throws RowFault if the server breaks it off and names one of these rows. They were encoded
 * in this order.
 */
export async function namingRows<Result>(
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
 * Returns the refusal of a named row if it fails in the same way when it is copied alone; otherwise
 * undefined. The line alone does not prove anything: an error can be noticed in a later row than the one that
 * causes it. Leaves nothing in the table.
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
  return `PostgreSQL does not accept it: ${describeError(cause)}`
}
