import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'
import { inTransaction } from '../database/transaction.ts'
import { type Migration, migrations } from './migrations.ts'

/**
 * Migrates the schema to the current version, step by step. Each step is atomic, so a crash leaves an earlier
 * version intact.
 */
export function migrate(database: DatabaseSync, steps: readonly Migration[] = migrations): void {
  for (const [index, step] of steps.entries()) {
    const version = index + 1
    if (readVersion(database) >= version) continue
    inTransaction(database, () => {
      if (typeof step === 'string') database.exec(step)
      else step(database)
      database.exec(`PRAGMA user_version = ${version}`)
    })
  }
}

function readVersion(database: DatabaseSync): number {
  return prepare<{ user_version: number }>(database, 'PRAGMA user_version').get()?.user_version ?? 0
}
