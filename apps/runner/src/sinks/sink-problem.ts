/** The possible problems of a sink that `use` or a command names. Stable, for machines. */
export type SinkProblemCode =
  | 'sink-not-found'
  | 'sink-wrong-export'
  | 'sink-wrong-version'
  | 'sink-bad-options'

/** Shown to a person as `expected …, found …: reason`. */
export interface SinkProblem {
  readonly kind: 'problem'
  readonly code: SinkProblemCode
  readonly expected: string
  readonly reason: string
}

export function sinkProblem(code: SinkProblemCode, expected: string, reason: string): SinkProblem {
  return { kind: 'problem', code, expected, reason }
}
