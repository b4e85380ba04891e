import { escapeLiteral } from 'pg'

/** A table that is partitioned by the month of `home`. */
export type PartitionedTable = 'record' | 'revision'

export function partitionedTables({
  keepRevisions,
}: {
  readonly keepRevisions: boolean
}): readonly PartitionedTable[] {
  return keepRevisions ? ['record', 'revision'] : ['record']
}

/** Returns a name in quotes. The checked options allow no name that needs escaping. */
export function quoted(name: string): string {
  return `"${name}"`
}

export function literal(text: string): string {
  return escapeLiteral(text)
}
