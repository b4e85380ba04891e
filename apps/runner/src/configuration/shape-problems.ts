import type { z } from 'zod'
import { describeFound } from './describe-found.ts'
import type { Path } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { unknownKey } from './unknown-key.ts'
import { valueAt } from './value-at.ts'

/** What the schema found, said to a person. */
export function shapeProblems(issues: readonly z.core.$ZodIssue[], plain: PlainValue): readonly Problem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
    if (issue.code === 'unrecognized_keys') {
      const known = issue.message.split(' ')
      return issue.keys.map((key) => unknownKey(path, key, known))
    }
    return [{ path, part: 'value' as const, message: `${issue.message}, found ${foundAt(path, plain)}` }]
  })
}

export function foundAt(path: Path, plain: PlainValue): string {
  return describeFound(path, valueAt(plain.value, path), plain.writtenAt(path))
}
