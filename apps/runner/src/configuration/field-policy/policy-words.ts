import { type CatalogueField, catalogue } from '@cdrstream/catalogue'
import type { PersonalClass } from '@cdrstream/core'
import { missingSpace } from '../missing-space.ts'
import { nearestWord } from '../nearest-word.ts'
import { classWords } from './class-words.ts'

/** What a key of `fields` refers to. */
export type PolicySubject =
  | { readonly kind: 'key' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'class'; readonly personal: PersonalClass }
  | { readonly kind: 'field'; readonly field: CatalogueField }

const subjects: ReadonlyMap<string, PolicySubject> = new Map<string, PolicySubject>([
  ['key', { kind: 'key' }],
  ...(Object.keys(classWords) as PersonalClass[]).map(
    (personal) => [classWords[personal], { kind: 'class', personal }] as const,
  ),
  ['unknown', { kind: 'unknown' }],
  ...catalogue.map((field) => [field.column, { kind: 'field', field }] as const),
])

/** Returns what a key of `fields` refers to, or undefined for an unknown key. */
export function policySubject(word: string): PolicySubject | undefined {
  return subjects.get(word)
}

/** Returns the message about an unknown key. */
export function unknownSubject(word: string): string {
  const near = nearestWord(word, [...subjects.keys()])
  const found = near === undefined ? missingSpace(word) : `did you mean ${near}?`
  const hint = found === undefined ? '' : `${found} `
  const classes = Object.values(classWords).join(', ')
  return `unknown key, ${hint}expected a class (${classes}), a field such as calling_number, unknown, or key`
}
