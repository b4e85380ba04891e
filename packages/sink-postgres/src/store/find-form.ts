import type { ColumnName } from '@cdrstream/catalogue'
import { DatabaseError } from 'pg'
import type { Connection } from '../connection/connection.ts'
import { fieldColumns } from '../rows/columns.ts'
import type { RowEncoder, TableRow } from '../rows/row-encoder.ts'
import { type RowForm, usualForm } from '../rows/row-form.ts'
import type { PartitionedTable } from '../schema/tables.ts'
import { type CopyOptions, copyAlone } from './copy-rows.ts'

/** SQLSTATEs for values that a column or an index cannot store: data exceptions and program limits. */
const unstorable = /^(?:22|54)/

/** Returns whether the server might accept the same record in a different form. */
export function mayFindForm({ code = '' }: DatabaseError): boolean {
  return unstorable.test(code)
}

/**
 * Returns the form with the fewest empty columns that the server accepts, or undefined if it accepts none.
 * Writes nothing.
 */
export async function findForm(
  connection: Connection,
  table: PartitionedTable,
  row: TableRow,
  encoder: RowEncoder,
  options: CopyOptions,
): Promise<RowForm | undefined> {
  const accepts = async (form: RowForm): Promise<boolean> => {
    try {
      await copyAlone(connection, table, { ...row, form }, encoder, options)
      return true
    } catch (error) {
      if (error instanceof DatabaseError && mayFindForm(error)) return false
      throw error
    }
  }
  const columns = fieldColumns
    .map(({ column }) => column)
    .filter((column) => row.record.fields[column] !== null)
  const barest: RowForm = { withheld: new Set(columns), extraAsText: true }
  if (!(await accepts(barest))) return undefined
  const form = await restoreColumns(barest, columns, accepts)
  const usualExtra = { ...form, extraAsText: usualForm.extraAsText }
  return (await accepts(usualExtra)) ? usualExtra : form
}

/** Restores as many of these columns as the server accepts. Bisects them, because most are acceptable. */
async function restoreColumns(
  form: RowForm,
  columns: readonly ColumnName[],
  accepts: (form: RowForm) => Promise<boolean>,
): Promise<RowForm> {
  const fuller = {
    ...form,
    withheld: new Set([...form.withheld].filter((column) => !columns.includes(column))),
  }
  if (await accepts(fuller)) return fuller
  if (columns.length <= 1) return form
  const middle = columns.length >> 1
  const half = await restoreColumns(form, columns.slice(0, middle), accepts)
  return restoreColumns(half, columns.slice(middle), accepts)
}
