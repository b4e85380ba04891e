import { escapeLiteral } from 'pg'

/** The tables that are partitioned by month of `home`. */
export type PartitionedTable = 'record' | 'revision'

export function partitionedTables({
  keepRevisions,
}: {
  readonly keepRevisions: boolean
}): readonly PartitionedTable[] {
  return keepRevisions ? ['record', 'revision'] : ['record']
}

/** A name of `postgresSinkOptions`, or made from one: it needs no escaping, only quotes. */
export function quoted(name: string): string {
  return `"${name}"`
}

export function literal(text: string): string {
  return escapeLiteral(text)
}
