import type { DatabaseSync } from 'node:sqlite'
import { prepare } from './database/statement.ts'
import { inTransaction } from './database/transaction.ts'

/**
 * - `renamed`: everything the journal has of the org is now under the new name
 * - `unknown`: the journal has nothing under the old name; it may have been renamed before
 * - `both-known`: the journal has something under both names; nothing was changed
 */
type OrgRenaming = 'renamed' | 'unknown' | 'both-known'

/** Lists and renames the orgs of a journal. */
export interface JournalOrgs {
  /** Returns the names of the orgs that have records or coverage in the journal. */
  orgs(): Promise<readonly string[]>
  /**
   * Renames an org that is not being collected, in one transaction: its coverage, its keys, its quarantine,
   * the records that are still in the journal, and the budget that is named after it. Records that sinks have
   * received keep the old name.
   */
  renameOrg(formerly: string, name: string): Promise<OrgRenaming>
}

export interface OrgMeans {
  /** Throws unless this process is the collector. */
  assertCollector(): void
  /** Called after an org was renamed: what was read before has its old name. */
  renamed(): void
}

export function journalOrgs(database: DatabaseSync, { assertCollector, renamed }: OrgMeans): JournalOrgs {
  return {
    async orgs() {
      return orgNames(database)
    },
    async renameOrg(formerly, name) {
      assertCollector()
      const renaming = renameOrg(database, formerly, name)
      if (renaming === 'renamed') renamed()
      return renaming
    },
  }
}

/** Renames an org in one transaction. */
function renameOrg(database: DatabaseSync, formerly: string, name: string): OrgRenaming {
  const selectOrg = prepare(database, 'SELECT id FROM org WHERE name = ?')
  const renameOrg = prepare(database, 'UPDATE org SET name = ? WHERE name = ?')
  const rememberName = prepare(
    database,
    'INSERT OR IGNORE INTO org_former_name (org_id, name) SELECT id, ?1 FROM org WHERE name = ?1',
  )
  // A scope is named after its org. If it filters locations, a slash and a digest of the filter follow; no
  // org name contains a slash.
  const renameScopes = prepare(
    database,
    `UPDATE scope SET name = ?1 || substr(name, length(?2) + 1)
     WHERE name = ?2 OR substr(name, 1, length(?2) + 1) = ?2 || '/'`,
  )
  const renameBudget = prepare(database, 'UPDATE OR IGNORE budget SET credential = ? WHERE credential = ?')
  return inTransaction(database, () => {
    if (selectOrg.get(formerly) === undefined) return 'unknown'
    if (selectOrg.get(name) !== undefined) return 'both-known'
    rememberName.run(formerly)
    renameOrg.run(name, formerly)
    renameScopes.run(name, formerly)
    renameBudget.run(name, formerly)
    return 'renamed'
  })
}

/** Returns the names of all orgs, sorted. */
function orgNames(database: DatabaseSync): readonly string[] {
  return prepare<{ name: string }>(database, 'SELECT name FROM org ORDER BY name')
    .all()
    .map(({ name }) => name)
}

/** Returns the names that an org had before, sorted. */
export function formerNames(database: DatabaseSync, org: string): readonly string[] {
  return prepare<{ name: string }>(
    database,
    `SELECT org_former_name.name FROM org_former_name JOIN org ON org.id = org_id
     WHERE org.name = ? ORDER BY org_former_name.name`,
  )
    .all(org)
    .map(({ name }) => name)
}
