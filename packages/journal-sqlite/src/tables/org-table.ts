import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'

/** Assigns small numbers to the names of orgs. */
export interface OrgTable {
  find(name: string): number | undefined
  /** Returns the number of an org, and assigns one to a new name. Call it within a transaction. */
  idOf(name: string): number
}

export function orgTable(database: DatabaseSync): OrgTable {
  const select = prepare<{ id: number }>(database, 'SELECT id FROM org WHERE name = ?')
  const insert = prepare<{ id: number }>(database, 'INSERT INTO org (name) VALUES (?) RETURNING id')
  const find = (name: string) => select.get(name)?.id
  return {
    find,
    idOf(name) {
      const id = find(name) ?? insert.get(name)?.id
      if (id === undefined) throw new Error('the insert returned no row')
      return id
    },
  }
}
