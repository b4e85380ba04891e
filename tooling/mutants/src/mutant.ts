/** A planted bug: a small patch over one source file, and what has to catch it. */
export interface Mutant {
  /** Unique, in kebab case: says what is broken. */
  readonly name: string
  /** The path from the root of the repository. */
  readonly file: string
  /** Occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
  readonly caughtBy: Catcher
}

/**
 * What has to fail: a test file, given by its path from the root of the repository, or the simulation within
 * the first `seeds` seeds (200 at most).
 */
type Catcher = string | { readonly seeds: number }

export const mostSeeds = 200
