import type { Problem } from '../problem.ts'
import { valueAt } from '../value-at.ts'

/**
 * Returns the names in a list that stand there twice. Looks at elements that may be wrong elsewhere, so that
 * a user sees all problems at once.
 */
export function checkNames(section: string, elements: readonly unknown[]): readonly Problem[] {
  const firstOf = new Map<unknown, number>()
  return elements.flatMap((element, index): readonly Problem[] => {
    const name = valueAt(element, ['name'])
    const first = firstOf.get(name)
    if (first === undefined) firstOf.set(name, index)
    if (typeof name !== 'string' || first === undefined) return []
    const message = `expected a name of its own, found the name of ${section}[${first}] again`
    return [{ path: [section, index, 'name'], part: 'value', message }]
  })
}
