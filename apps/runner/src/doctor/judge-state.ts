import { showState } from '../status/show-state.ts'
import type { StateStatus } from '../status/status.ts'
import { problem, type Result, warning } from './check.ts'

/** Codes of states that do not describe the org or the sink itself. */
const unknown: ReadonlySet<string | null> = new Set(['no-collector', 'starting', 'not-loaded'])

/**
 * Returns the problem that the running collector reports about an org or a sink, with the same code as the
 * log, or undefined if it reports none. `at`: the time of the check, ISO 8601.
 */
export function judgeState(state: StateStatus, at: string): Result | undefined {
  const { code, cause, remedy } = state
  if (code === null || unknown.has(code)) return undefined
  const message = `the running collector reports: ${showState(state, at)}${cause === null ? '' : `: ${cause}`}`
  if (state.state === 'paused') return problem(code, message, remedy ?? seeLog)
  return warning(code, message, remedy)
}

const seeLog = "For what to do, see the last warning with this code in the collector's log."
