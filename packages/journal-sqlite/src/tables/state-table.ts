import type { DatabaseSync } from 'node:sqlite'
import type { SubjectState } from '@cdrstream/engine'
import { prepare } from '../database/statement.ts'

/** The state of an org or a sink, as reported by the collector. */
export interface ReportedState extends SubjectState {
  /**
   * While catching up: how much was left at an earlier time, to measure the speed; otherwise null.
   */
  readonly leftBefore: AmountLeft | null
}

/** How much was left to read or deliver at a certain time. */
export interface AmountLeft {
  readonly atMs: number
  /** Seconds of insertion time for an org, records for a sink. */
  readonly amount: number
}

/** A collector's reported states. */
export interface ReportedStates {
  /** When a collector last reported, including a report without changes; null if none ever has. */
  readonly atMs: number | null
  readonly states: readonly ReportedState[]
}

/** The states of orgs and sinks, which `status` and other commands show. */
export interface JournalStates {
  /** Returns the states that the last collector reported. */
  states(): Promise<ReportedStates>
  /**
   * Stores changed states and the time of the report. With `all`, these states replace all stored ones.
   */
  noteStates(changed: readonly ReportedState[], atMs: number, options?: { all?: boolean }): Promise<void>
}

export interface StateTable {
  read(): ReportedStates
  /** Call it within a transaction. */
  store(changed: readonly ReportedState[], atMs: number, all: boolean): void
}

export function stateTable(database: DatabaseSync): StateTable {
  const selectAt = prepare<{ atMs: number }>(database, 'SELECT at_ms AS atMs FROM report')
  const selectAll = prepare<{ state: string }>(
    database,
    'SELECT state FROM reported_state ORDER BY subject, name',
  )
  const putAt = prepare(database, 'INSERT OR REPLACE INTO report (id, at_ms) VALUES (1, ?)')
  const putState = prepare(
    database,
    'INSERT OR REPLACE INTO reported_state (subject, name, state) VALUES (?, ?, ?)',
  )
  const removeAll = prepare(database, 'DELETE FROM reported_state')

  return {
    read: () => ({
      atMs: selectAt.get()?.atMs ?? null,
      states: selectAll.all().map(({ state }) => JSON.parse(state) as ReportedState),
    }),
    store(changed, atMs, all) {
      if (all) removeAll.run()
      for (const state of changed) putState.run(state.subject, state.name, JSON.stringify(state))
      putAt.run(atMs)
    },
  }
}
