/** The checks, in the order in which they are reported. Those of an org come together. */
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

/** The checks of an org. */
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
 * One check and its result. Users rely on this format (docs/commands.md, "doctor"): keys can be added, but
 * never change their meaning.
 */
export interface Check extends Result {
  readonly check: CheckName
  /** The org or sink that it is about; null if it is about the collector as a whole. */
  readonly name: string | null
}

/** The result of a check. */
export interface Result {
  /** `problem`: it does not work until a person fixes it. `warning`: it works, but a person should know. */
  readonly level: 'ok' | 'warning' | 'problem' | 'not-checked'
  /** Stable, for machines. */
  readonly code: string
  /** Without secrets. */
  readonly message: string
  /** What to do; null if there is nothing to do, or if the message of a sink says it. */
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
