import type { EngineEnd } from '@cdrstream/engine'

/** The exit codes of the process (docs/commands.md, "Exit codes"). */
export const exitCodes = {
  done: 0,
  /** Failed while running: work was started but could not be finished. */
  failed: 1,
  /** Bad usage or configuration: nothing was started. */
  usage: 2,
  /** The API refuses the requests permanently: token, role or region. */
  refused: 3,
  /** A sink refuses permanently, until a person fixes it. */
  sinkFailed: 4,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * Returns the exit code of `run --once`. It does not apply to a collector that was stopped, because the next
 * run does the rest.
 */
export function exitCodeOfOnce({ orgs, sinks }: EngineEnd): ExitCode {
  const orgEnds = [...orgs.values()]
  const sinkEnds = [...sinks.values()]
  if (orgEnds.includes('refused')) return exitCodes.refused
  if (sinkEnds.includes('failed')) return exitCodes.sinkFailed
  if (orgEnds.includes('failed') || sinkEnds.includes('behind')) return exitCodes.failed
  return exitCodes.done
}
