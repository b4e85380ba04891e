import type { ColumnName, PersonalDataClass } from '@cdrstream/catalogue'

/** What becomes of a field's value before a sink gets it. What is empty stays empty. */
export type FieldAction =
  | { readonly kind: 'keep' }
  /** As if the API had sent it empty. */
  | { readonly kind: 'drop' }
  /** All but its last `digits` digits becomes `*`; all of it, if it has no more digits than that. */
  | { readonly kind: 'mask'; readonly digits: number }
  /** `hmac` of it. Equal values have equal results, in all fields. */
  | { readonly kind: 'hash'; readonly hmac: Hmac }

/** A keyed digest of a text, as text. The platform brings it, with the key. */
export type Hmac = (text: string) => string

/** A class of the catalogue that fields with personal data are of. */
export type PersonalClass = Exclude<PersonalDataClass, 'none'>

/** What a sink gets of the records. A field goes before its class. */
export interface FieldPolicy {
  /** A class that is not named is kept; but `secret` is dropped. */
  readonly classes?: Readonly<Partial<Record<PersonalClass, FieldAction>>>
  readonly fields?: Readonly<Partial<Record<ColumnName, FieldAction>>>
  /** What becomes of keys that the catalogue does not know. Default: `keep`. */
  readonly unknown?: 'keep' | 'drop'
}
