import type { EngineEnd } from '@cdrstream/engine'

/** What the process ends with (docs/commands.md, "Exit codes"). */
export const exitCodes = {
  done: 0,
  /** At work: what was begun could not be finished. */
  failed: 1,
  /** Bad usage or configuration: nothing was started. */
  usage: 2,
  /** The API refuses us for good: token, role or region. */
  refused: 3,
  /** A sink refuses for good: a person has to do something. */
  sinkFailed: 4,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/**
 * After `run --once`. A collector that was stopped has done its work, whatever was in its way: what it has
 * not done, the next one does.
 */
export function exitCodeOfOnce({ orgs, sinks }: EngineEnd): ExitCode {
  const orgEnds = [...orgs.values()]
  const sinkEnds = [...sinks.values()]
  if (orgEnds.includes('refused')) return exitCodes.refused
  if (sinkEnds.includes('failed')) return exitCodes.sinkFailed
  if (orgEnds.includes('failed') || sinkEnds.includes('behind')) return exitCodes.failed
  return exitCodes.done
}
