/** The checks, in the order in which they are reported. An org's checks are reported together. */
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
 * One check and its result. Users rely on this format (docs/commands.md, "doctor"). Keys can be added, but
 * their meaning never changes.
 */
export interface Check extends Result {
  readonly check: CheckName
  /** The org or sink that was checked, or null for the collector as a whole. */
  readonly name: string | null
}

/** The result of a check. */
export interface Result {
  /** `problem`: something does not work until a person fixes it. `warning`: it works, but needs attention. */
  readonly level: 'ok' | 'warning' | 'problem' | 'not-checked'
  /** Stable, for machines. */
  readonly code: string
  /** Contains no secrets. */
  readonly message: string
  /** What to do, or null if there is nothing to do or the sink's message contains it. */
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
