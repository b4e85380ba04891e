import type { DatabaseSync } from 'node:sqlite'
import type { CoverageInterval, Progress } from '@cdrstream/core'
import type { ScopeProgress } from '@cdrstream/engine'
import { prepare } from '../database/statement.ts'

export interface ProgressTable {
  find(scope: string): Progress | undefined
  all(): readonly ScopeProgress[]
  /** Call it within a transaction. */
  store(scope: string, orgId: number, progress: Progress): void
}

interface ScopeRow {
  readonly id: number
  readonly scope: string
  readonly org: string
  readonly rest: string
}

export function progressTable(database: DatabaseSync): ProgressTable {
  const columns = 'scope.id AS id, scope.name AS scope, org.name AS org, scope.progress AS rest'
  const select = prepare<ScopeRow>(
    database,
    `SELECT ${columns} FROM scope JOIN org ON org.id = org_id WHERE scope.name = ?`,
  )
  const selectAll = prepare<ScopeRow>(
    database,
    `SELECT ${columns} FROM scope JOIN org ON org.id = org_id ORDER BY scope.name`,
  )
  const upsert = prepare<{ id: number }>(
    database,
    `INSERT INTO scope (name, org_id, progress) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET org_id = excluded.org_id, progress = excluded.progress RETURNING id`,
  )
  const selectCoverage = prepare<CoverageInterval>(
    database,
    'SELECT from_sec AS fromSec, to_sec AS toSec, level FROM coverage WHERE scope_id = ? ORDER BY from_sec',
  )
  const putInterval = prepare(
    database,
    `INSERT INTO coverage (scope_id, from_sec, to_sec, level) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET to_sec = excluded.to_sec, level = excluded.level`,
  )
  const deleteInterval = prepare(database, 'DELETE FROM coverage WHERE scope_id = ? AND from_sec = ?')

  function progressOf(row: ScopeRow): Progress {
    // SQLite rows have no prototype. Plain objects compare equal to what was stored.
    const coverage = selectCoverage.all(row.id).map((interval) => ({ ...interval }))
    return { ...JSON.parse(row.rest), coverage }
  }

  /** Writes only the intervals that changed, because most stay the same from page to page. */
  function storeCoverage(scopeId: number, coverage: readonly CoverageInterval[]): void {
    const stored = new Map(selectCoverage.all(scopeId).map((interval) => [interval.fromSec, interval]))
    for (const { fromSec, toSec, level } of coverage) {
      const known = stored.get(fromSec)
      stored.delete(fromSec)
      if (known?.toSec !== toSec || known.level !== level) putInterval.run(scopeId, fromSec, toSec, level)
    }
    for (const fromSec of stored.keys()) deleteInterval.run(scopeId, fromSec)
  }

  return {
    find(scope) {
      const row = select.get(scope)
      return row && progressOf(row)
    },
    all: () => selectAll.all().map((row) => ({ scope: row.scope, org: row.org, progress: progressOf(row) })),
    store(scope, orgId, { coverage, ...rest }) {
      const row = upsert.get(scope, orgId, JSON.stringify(rest))
      if (row === undefined) throw new Error('the upsert returned no row')
      storeCoverage(row.id, coverage)
    },
  }
}
