import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

/**
 * A prepared statement with typed rows. The SQL is our own, so the shape of a row is known and not checked at
 * run time.
 */
export interface Statement<Row> {
  get(...parameters: SQLInputValue[]): Row | undefined
  all(...parameters: SQLInputValue[]): readonly Row[]
  run(...parameters: SQLInputValue[]): void
}

export function prepare<Row = never>(database: DatabaseSync, sql: string): Statement<Row> {
  return database.prepare(sql) as unknown as Statement<Row>
}
