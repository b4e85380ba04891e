import { catalogue } from '@cdrstream/catalogue'
import type { CdrRecord } from '@cdrstream/plugin'

/**
 * What a record says about people, as texts: the values of its personal fields, and all values under keys that the catalogue does not know
 * or that did not fit their field. To be looked for where no content of a record may be.
 */
export function personalValues({ fields, extra }: Pick<CdrRecord, 'fields' | 'extra'>): readonly string[] {
  const known = catalogue.flatMap(({ column, personal, values }) => {
    const value = fields[column]
    if (value === null || (personal === 'none' && !values.some((word) => word.endsWith('<digits>'))))
      return []
    return personal === 'none' && typeof value === 'string' ? digitsOf(value) : [String(value)]
  })
  return [...known, ...scalarsIn([...extra.values()])]
}

/** Of `ExplicitId4711`. */
function digitsOf(value: string): readonly string[] {
  return value.match(/\d+/g) ?? []
}

/** At any depth: recursion would overflow the stack where `JSON.parse` does not. */
function scalarsIn(values: readonly unknown[]): readonly string[] {
  const scalars: string[] = []
  const left = [...values]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string' || typeof value === 'number') scalars.push(String(value))
    else if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value)) left.push(inner)
    }
  }
  return scalars
}
