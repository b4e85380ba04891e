import type { ColumnName, PersonalDataClass } from '@cdrstream/catalogue'

/** What happens to the value of a field before a sink gets it. Empty values stay empty. */
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

/** Returns a keyed digest of a text, as text. The platform provides it, including the key. */
export type Hmac = (text: string) => string

/** A class of personal data in the catalogue. */
export type PersonalClass = Exclude<PersonalDataClass, 'none'>

/** What a sink gets of the records. The action of a field takes precedence over that of its class. */
export interface FieldPolicy {
  /** The action for each class. Default: `keep`, but `drop` for `secret`. */
  readonly classes?: Readonly<Partial<Record<PersonalClass, FieldAction>>>
  readonly fields?: Readonly<Partial<Record<ColumnName, FieldAction>>>
  /** What happens to keys that the catalogue does not know. Default: `keep`. */
  readonly unknown?: 'keep' | 'drop'
}
