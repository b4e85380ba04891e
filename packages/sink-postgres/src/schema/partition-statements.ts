import { type Month, monthAfter } from './months.ts'
import { type PartitionedTable, quoted } from './tables.ts'

export function partitionName(table: PartitionedTable, month: Month): string {
  return `${table}_${month.replace('-', '_')}`
}

/** Returns the month of a partition, or undefined if the sink does not use such a name. */
export function monthOfPartition(table: PartitionedTable, name: string): Month | undefined {
  const [, year, month] = new RegExp(`^${table}_(\\d{4})_(\\d{2})$`).exec(name) ?? []
  return year === undefined || month === undefined ? undefined : `${year}-${month}`
}

/**
 * Returns statements that create the partition as a table and then attach it. `create table … partition of`
 * would wait for all readers of the table and meanwhile block new ones.
 */
export function partitionStatements(
  schema: string,
  table: PartitionedTable,
  month: Month,
): { readonly create: string; readonly attach: string } {
  const parent = `${quoted(schema)}.${table}`
  const partition = `${quoted(schema)}.${partitionName(table, month)}`
  return {
    create: `create table if not exists ${partition} (like ${parent} including defaults including constraints including indexes)`,
    attach: `alter table ${parent} attach partition ${partition} for values from ('${month}-01') to ('${monthAfter(month)}-01')`,
  }
}

export function dropPartitionStatement(schema: string, table: PartitionedTable, month: Month): string {
  return `drop table if exists ${quoted(schema)}.${partitionName(table, month)}`
}
