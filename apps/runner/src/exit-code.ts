import type { EngineEnd } from '@cdrstream/engine'

/** The exit codes of the process (docs/commands.md, "Exit codes"). */
export const exitCodes = {
  done: 0,
  /** Failed at work: what was started could not be finished. */
  failed: 1,
  /** Bad usage or configuration: nothing was started. */
  usage: 2,
  /** The API refuses the requests permanently: token, role or region. */
  refused: 3,
  /** A sink refuses permanently: it needs a person. */
  sinkFailed: 4,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * Returns the exit code of `run --once`. It does not apply to a collector that was stopped: the next run does
 * what is left.
 */
export function exitCodeOfOnce({ orgs, sinks }: EngineEnd): ExitCode {
  const orgEnds = [...orgs.values()]
  const sinkEnds = [...sinks.values()]
  if (orgEnds.includes('refused')) return exitCodes.refused
  if (sinkEnds.includes('failed')) return exitCodes.sinkFailed
  if (orgEnds.includes('failed') || sinkEnds.includes('behind')) return exitCodes.failed
  return exitCodes.done
}
