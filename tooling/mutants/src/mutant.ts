/** A planted bug: a small patch of one source file, and the test that must catch it. */
export interface Mutant {
  /** Unique, in kebab case. Describes what is broken. */
  readonly name: string
  /** The path relative to the repository root. */
  readonly file: string
  /** Must occur exactly once in the file. */
  readonly find: string
  readonly replace: string
  readonly caughtBy: Catcher
}

/**
 * The test that must fail: a test file, relative to the repository root, or the simulation within the first
 * `seeds` seeds (at most 200).
 */
type Catcher = string | { readonly seeds: number }

export const maxSeeds = 200
