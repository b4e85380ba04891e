import type { z } from 'zod'
import { describeFound } from './describe-found.ts'
import type { Path } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { unknownKey } from './unknown-key.ts'
import { valueAt } from './value-at.ts'

/** Returns the problems that a schema found in the value at `base`. */
export function shapeProblems(
  issues: readonly z.core.$ZodIssue[],
  plain: PlainValue,
  base: Path,
): readonly Problem[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...steps(issue.path)]
    if (issue.code === 'unrecognized_keys') {
      const known = issue.message.split(' ')
      return issue.keys.map((key) => unknownKey(path, key, known))
    }
    return [{ path, part: 'value' as const, message: `${issue.message}, found ${foundAt(path, plain)}` }]
  })
}

/** Returns an issue's path, in which only indexes are numbers. */
export function steps(path: readonly PropertyKey[]): Path {
  return path.map((step) => (typeof step === 'number' ? step : String(step)))
}

export function foundAt(path: Path, plain: PlainValue): string {
  return describeFound(path, valueAt(plain.value, path), plain.writtenAt(path))
}
