import type { CatalogueField } from '@cdrstream/catalogue'
import { nearestWord } from '../nearest-word.ts'

/** The action that a value of `fields` names. */
export type ActionWord =
  | { readonly kind: 'keep' | 'drop' | 'hash' }
  | { readonly kind: 'mask'; readonly digits: number }

export type ActionReading = ActionWord | { readonly kind: 'wrong'; readonly expected: string }

/** No telephone number has more digits (E.164). */
export const mostDigits = 15
const words = ['keep', 'drop', 'hash'] as const

export function readAction(value: unknown): ActionReading {
  const word = words.find((known) => known === value)
  if (word !== undefined) return { kind: word }
  const digits = maskedDigits(value)
  if (digits !== undefined) return { kind: 'mask', digits }
  const near = typeof value === 'string' ? nearestWord(value, words) : undefined
  const hint = near === undefined ? '' : `did you mean ${near}? `
  return {
    kind: 'wrong',
    expected: `${hint}expected keep, drop, hash, or { mask: N } to show the last N digits, 0 to ${mostDigits}`,
  }
}

/** Reads the action of one field. Only text can be masked or hashed. */
export function readFieldAction(value: unknown, field: CatalogueField): ActionReading {
  const action = readAction(value)
  if (action.kind === 'wrong' || action.kind === 'keep') return action
  if (field.column === 'report_id') {
    return { kind: 'wrong', expected: 'expected keep, because sinks identify a record by it' }
  }
  return isText(field) || action.kind === 'drop'
    ? action
    : { kind: 'wrong', expected: 'expected keep or drop, because the field is not text' }
}

/** Returns whether a field's values can be masked and hashed. */
export function isText({ column, type }: CatalogueField): boolean {
  return column !== 'report_id' && (type === 'string' || type === 'uuid-string')
}

function maskedDigits(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const [[key, digits] = [], ...others] = Object.entries(value)
  const isRight =
    key === 'mask' && others.length === 0 && Number.isInteger(digits) && digits >= 0 && digits <= mostDigits
  return isRight ? digits : undefined
}
