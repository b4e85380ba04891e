import { checkOverlaps } from './check-overlaps.ts'
import type { SinkSource } from './load-configuration.ts'
import { pathText } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { PlacedProblem, Problem } from './problem.ts'
import { readDocument } from './read-document.ts'
import { readBase } from './sections/read-base.ts'
import { readSinks } from './sections/read-sinks.ts'

export interface Validation {
  /** In file order. */
  readonly problems: readonly PlacedProblem[]
  /** Keys whose values were not checked, because a variable or file in a `${…}` is missing. */
  readonly unchecked: readonly string[]
}

/**
 * Checks a configuration independently of where it runs. Variables need not be set, only the configuration
 * file and the modules of custom sinks must exist, and nothing needs to be writable.
 */
export async function validateConfiguration(source: SinkSource): Promise<Validation> {
  const document = readDocument(source, (_, reason) => reason === 'missing')
  if (document.kind === 'problems') return { problems: document.problems, unchecked: [] }
  const { plain, baseDirectory } = document
  const base = readBase(plain, baseDirectory)
  const sinks = await readSinks(plain, base.sinks, source.builtInSinks, baseDirectory)
  const problems = [...base.problems, ...sinks.problems.filter((problem) => !isUndecided(problem, plain))]
  return {
    problems: document.place([...problems, ...checkOverlaps(plain, baseDirectory)]),
    unchecked: plain.unresolved.map((path) => pathText(path)),
  }
}

/** A problem with a value that contains a missing variable can be due to that variable. */
function isUndecided({ path }: Problem, { unresolved }: PlainValue): boolean {
  return unresolved.some((inner) => path.every((step, index) => inner[index] === step))
}
