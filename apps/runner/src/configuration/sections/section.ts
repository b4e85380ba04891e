import type { z } from 'zod'
import { withMeantValues } from '../meant-values.ts'
import type { Path } from '../place.ts'
import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { shapeProblems, steps } from '../shape-problems.ts'
import { valueAt } from '../value-at.ts'

/** The result of reading a section. A section without problems always has a value. */
export interface Section<Value> {
  /** Undefined if the section is malformed. */
  readonly value: Value | undefined
  readonly problems: readonly Problem[]
}

/** Reads the value at this path by its schema, and fills in the defaults. */
export function parseSection<Schema extends z.ZodType>(
  schema: Schema,
  plain: PlainValue,
  path: Path,
): Section<z.output<Schema>> {
  const written = valueAt(plain.value, path)
  const parsed = schema.safeParse(written)
  if (parsed.success) return { value: parsed.data, problems: [] }
  const wrong = parsed.error.issues.map((issue) => steps(issue.path))
  const meant = withMeantValues(written, path, wrong, plain)
  const again = meant === written ? parsed : schema.safeParse(meant)
  if (again.success) return { value: again.data, problems: [] }
  return { value: undefined, problems: shapeProblems(again.error.issues, plain, path) }
}
