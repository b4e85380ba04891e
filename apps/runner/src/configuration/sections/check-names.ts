import type { Problem } from '../problem.ts'
import { valueAt } from '../value-at.ts'

/**
 * Returns a problem for each name that occurs twice in a list. The elements can be invalid in other ways,
 * because all problems are reported together.
 */
export function checkNames(section: string, elements: readonly unknown[]): readonly Problem[] {
  const firstOf = new Map<unknown, number>()
  return elements.flatMap((element, index): readonly Problem[] => {
    const name = valueAt(element, ['name'])
    const first = firstOf.get(name)
    if (first === undefined) firstOf.set(name, index)
    if (typeof name !== 'string' || first === undefined) return []
    const message = `expected a unique name, found the same name as ${section}[${first}]`
    return [{ path: [section, index, 'name'], part: 'value', message }]
  })
}
