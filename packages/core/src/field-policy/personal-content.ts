import { catalogue } from '@cdrstream/catalogue'
import type { CdrRecord } from '@cdrstream/plugin'
import type { PersonalContent } from '../words/content-hider.ts'

/**
 * Returns the values in records that must be hidden wherever record content must not appear: values of
 * personal fields, values under unknown keys, and values that did not fit their field.
 */
export function personalContent(records: readonly Pick<CdrRecord, 'fields' | 'extra'>[]): PersonalContent {
  const names = new Set<string>()
  const others = new Set<string>()
  for (const { fields, extra } of records) {
    for (const { column, personal, values } of catalogue) {
      const value = fields[column]
      if (value === null) continue
      if (personal === 'name') names.add(String(value))
      else if (personal !== 'none') others.add(String(value))
      else if (values.some((word) => word.endsWith('<digits>'))) addDigits(String(value), others)
    }
    addScalars([...extra.values()], others)
  }
  return { names: [...names], others: [...others] }
}

/** Adds `4711` from `ExplicitId4711`. */
function addDigits(value: string, found: Set<string>): void {
  for (const digits of value.match(/\d+/g) ?? []) found.add(digits)
}

/** Adds values at any depth without recursion, which would overflow the stack where `JSON.parse` does not. */
function addScalars(values: readonly unknown[], found: Set<string>): void {
  const left = [...values]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string' || typeof value === 'number') found.add(String(value))
    else if (typeof value === 'object' && value !== null) {
      for (const inner of Object.values(value)) left.push(inner)
    }
  }
}
