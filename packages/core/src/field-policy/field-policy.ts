import type { ColumnName, PersonalDataClass } from '@cdrstream/catalogue'

/** What happens to a field's value before a sink receives it. Empty values stay empty. */
export type FieldAction =
  | { readonly kind: 'keep' }
  /** The value becomes empty, as if the API had sent it that way. */
  | { readonly kind: 'drop' }
  /**
   * Every character except the last `digits` digits becomes `*`; all of them do if there are no more digits
   * than that.
   */
  | { readonly kind: 'mask'; readonly digits: number }
  /** The value is replaced by its `hmac`. Equal values have equal results, in all fields. */
  | { readonly kind: 'hash'; readonly hmac: Hmac }

/** Returns a keyed digest of a string, as text. The platform provides it, including the key. */
export type Hmac = (text: string) => string

/** A class of personal data in the catalogue. */
export type PersonalClass = Exclude<PersonalDataClass, 'none'>

/** Which parts of records a sink receives. A field's action takes precedence over its class's action. */
export interface FieldPolicy {
  /** The action for each class. Default: `keep`, but `drop` for `secret`. */
  readonly classes?: Readonly<Partial<Record<PersonalClass, FieldAction>>>
  readonly fields?: Readonly<Partial<Record<ColumnName, FieldAction>>>
  /** What happens to keys that are not in the catalogue. Default: `keep`. */
  readonly unknown?: 'keep' | 'drop'
}
