import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

/**
 * A prepared statement whose rows have a type. The SQL is our own, so the row's shape is a fact and not
 * checked again.
 */
export interface Statement<Row> {
  get(...parameters: SQLInputValue[]): Row | undefined
  all(...parameters: SQLInputValue[]): readonly Row[]
  run(...parameters: SQLInputValue[]): void
}

export function prepare<Row = never>(database: DatabaseSync, sql: string): Statement<Row> {
  return database.prepare(sql) as unknown as Statement<Row>
}
