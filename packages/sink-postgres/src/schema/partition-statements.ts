import { type Month, monthAfter } from './months.ts'
import { type PartitionedTable, quoted } from './tables.ts'

export function partitionName(table: PartitionedTable, month: Month): string {
  return `${table}_${month.replace('-', '_')}`
}

/** The month of a partition; undefined if it is none of ours. */
export function monthOfPartition(table: PartitionedTable, name: string): Month | undefined {
  const [, year, month] = new RegExp(`^${table}_(\\d{4})_(\\d{2})$`).exec(name) ?? []
  return year === undefined || month === undefined ? undefined : `${year}-${month}`
}

/**
 * Makes the partition aside and attaches it: `create table … partition of` would wait for whoever reads the table, and everybody would
 * wait for it.
 */
export function partitionStatements(
  schema: string,
  table: PartitionedTable,
  month: Month,
): readonly string[] {
  const parent = `${quoted(schema)}.${table}`
  const partition = `${quoted(schema)}.${partitionName(table, month)}`
  return [
    `create table if not exists ${partition} (like ${parent} including defaults including constraints including indexes)`,
    `alter table ${parent} attach partition ${partition} for values from ('${month}-01') to ('${monthAfter(month)}-01')`,
  ]
}

export function dropPartitionStatement(schema: string, table: PartitionedTable, month: Month): string {
  return `drop table if exists ${quoted(schema)}.${partitionName(table, month)}`
}
