import type { DatabaseSync } from 'node:sqlite'
import { prepare } from './database/statement.ts'
import { inTransaction } from './database/transaction.ts'

/**
 * - `renamed`: all that the journal has of the org has the new name
 * - `unknown`: the journal has nothing under the old name; it may have been renamed before
 * - `both-known`: it has something under either name, and nothing was changed
 */
export type OrgRenaming = 'renamed' | 'unknown' | 'both-known'

/** The orgs of a journal, for what happens before an engine is started. */
export interface JournalOrgs {
  /** The names of the orgs that the journal has records or coverage of. */
  orgs(): Promise<readonly string[]>
  /**
   * Gives an org another name: its coverage, its keys, its quarantine, the records that are still in the
   * journal, and the budget that is named after it. In one transaction. What sinks have received keeps the
   * old name.
   */
  renameOrg(formerly: string, name: string): Promise<OrgRenaming>
}

/** Renames within one transaction. */
export function renameOrg(database: DatabaseSync, formerly: string, name: string): OrgRenaming {
  const selectOrg = prepare(database, 'SELECT id FROM org WHERE name = ?')
  const renameOrg = prepare(database, 'UPDATE org SET name = ? WHERE name = ?')
  // A scope is named after its org; one with a filter of locations has its digest behind a slash, which no
  // name of an org contains.
  const renameScopes = prepare(
    database,
    `UPDATE scope SET name = ?1 || substr(name, length(?2) + 1)
     WHERE name = ?2 OR substr(name, 1, length(?2) + 1) = ?2 || '/'`,
  )
  const renameBudget = prepare(database, 'UPDATE OR IGNORE budget SET credential = ? WHERE credential = ?')
  return inTransaction(database, () => {
    if (selectOrg.get(formerly) === undefined) return 'unknown'
    if (selectOrg.get(name) !== undefined) return 'both-known'
    renameOrg.run(name, formerly)
    renameScopes.run(name, formerly)
    renameBudget.run(name, formerly)
    return 'renamed'
  })
}

/** Returns the names of all orgs. */
export function orgNames(database: DatabaseSync): readonly string[] {
  return prepare<{ name: string }>(database, 'SELECT name FROM org ORDER BY name')
    .all()
    .map(({ name }) => name)
}
