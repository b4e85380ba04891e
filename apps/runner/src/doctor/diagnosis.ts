import { type ExitCode, exitCodes } from '../exit-code.ts'
import type { Check } from './check.ts'

/** What `cdrstream doctor --json` prints (docs/commands.md, "doctor"). */
export interface Diagnosis {
  /** ISO 8601, UTC. */
  readonly at: string
  /** The worst result. Checks that were not made do not count. */
  readonly result: 'ok' | 'warning' | 'problem'
  readonly orgs: {
    readonly configured: number
    /** How many orgs were checked. */
    readonly chosen: number
  }
  readonly checks: readonly Check[]
}

export function diagnosisOf(at: string, orgs: Diagnosis['orgs'], checks: readonly Check[]): Diagnosis {
  const found = new Set(checks.map(({ level }) => level))
  const result = found.has('problem') ? 'problem' : found.has('warning') ? 'warning' : 'ok'
  return { at, result, orgs, checks }
}

export function exitCodeOfDiagnosis({ result, checks }: Diagnosis): ExitCode {
  if (checks.some(({ check, level }) => check === 'configuration' && level === 'problem'))
    return exitCodes.usage
  return result === 'problem' ? exitCodes.failed : exitCodes.done
}
