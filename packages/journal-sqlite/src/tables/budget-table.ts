import type { DatabaseSync } from 'node:sqlite'
import { type Budget, unusedBudget } from '@cdrstream/core/budget'
import { prepare } from '../database/statement.ts'

export interface BudgetTable {
  get(credential: string): Budget
  credentials(): readonly string[]
  /**
   * Replaces the budget with the result of `change`, unless that is undefined. Call it within a transaction,
   * so that no other process changes the budget meanwhile.
   */
  change(credential: string, change: (budget: Budget) => Budget | undefined): Budget | undefined
}

export function budgetTable(database: DatabaseSync): BudgetTable {
  const select = prepare<{ budget: string }>(database, 'SELECT budget FROM budget WHERE credential = ?')
  const upsert = prepare(
    database,
    'INSERT INTO budget (credential, budget) VALUES (?, ?) ON CONFLICT DO UPDATE SET budget = excluded.budget',
  )
  function get(credential: string): Budget {
    const row = select.get(credential)
    return row === undefined ? unusedBudget : JSON.parse(row.budget)
  }
  const selectNames = prepare<{ credential: string }>(
    database,
    'SELECT credential FROM budget ORDER BY credential',
  )
  return {
    get,
    credentials: () => selectNames.all().map(({ credential }) => credential),
    change(credential, change) {
      const changed = change(get(credential))
      if (changed !== undefined) upsert.run(credential, JSON.stringify(changed))
      return changed
    },
  }
}
