/** What is looked at, in the order in which it is told. Those of an org come together. */
export type CheckName =
  | 'configuration'
  | 'files'
  | 'connection'
  | 'token'
  | 'scope'
  | 'role'
  | 'region'
  | 'clock'
  | 'limits'
  | 'journal'
  | 'disk'
  | 'sink'

/** What an org is asked for. */
export type OrgCheckName = Exclude<CheckName, 'configuration' | 'files' | 'journal' | 'disk' | 'sink'>

export const orgCheckNames: readonly OrgCheckName[] = [
  'connection',
  'token',
  'scope',
  'role',
  'region',
  'clock',
  'limits',
]

/**
 * One thing that was looked at. A part of what users rely on (docs/commands.md, "doctor"): keys are added and
 * never change their meaning.
 */
export interface Check extends Result {
  readonly check: CheckName
  /** The org or the sink that it is about; null: the collector as a whole. */
  readonly name: string | null
}

/** What was found. */
export interface Result {
  /**
   * `problem`: it does not work until a person fixes it. `warning`: it works, and a person should know.
   */
  readonly level: 'ok' | 'warning' | 'problem' | 'not-checked'
  /** Stable, for machines. */
  readonly code: string
  /** Without secrets. */
  readonly message: string
  /** What a person has to do; null: nothing, or the message says it (of sinks). */
  readonly remedy: string | null
}

export function ok(code: string, message: string): Result {
  return { level: 'ok', code, message, remedy: null }
}

export function warning(code: string, message: string, remedy: string | null): Result {
  return { level: 'warning', code, message, remedy }
}

export function problem(code: string, message: string, remedy: string | null): Result {
  return { level: 'problem', code, message, remedy }
}

export function notChecked(code: string, message: string): Result {
  return { level: 'not-checked', code, message, remedy: null }
}
