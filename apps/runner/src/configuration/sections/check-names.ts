import type { Problem } from '../problem.ts'
import { valueAt } from '../value-at.ts'

/**
 * Returns the problems of names that occur twice in a list. Its elements can have other problems, because
 * users see all problems at once.
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
