import type { CdrFields } from './generated/cdr-fields.ts'

/**
 * How the API writes a field (JSON). Both numbers and text are seen for the numeric ones, so readers accept either.
 * - `timestamp`: `2026-09-24T07:49:10.939Z`, or `2023-10-12 21:22:32.621` and then UTC is meant
 * - `number`, `decimal-string`: a number, or text that holds one
 * - `integer-string`: the same without a fraction
 * - `boolean-string`: `"true"` or `"false"`
 * - `uuid-string`: text that is a plain UUID as a rule; nothing promises it
 */
export type FieldType =
  | 'timestamp'
  | 'number'
  | 'integer-string'
  | 'decimal-string'
  | 'boolean-string'
  | 'uuid-string'
  | 'string'

/**
 * What a field tells about a person.
 * - `number`: a telephone number, or digits that were dialled
 * - `name`: what a person, place or service is called
 * - `identifier`: stands for one person, place or device
 * - `address`: an IP address, or text that may hold one
 * - `secret`: lets whoever knows it do something, such as an authorization code
 * - `context`: free text about what a call was for
 */
export type PersonalDataClass = 'none' | 'number' | 'name' | 'identifier' | 'address' | 'secret' | 'context'

/** The name of a field in every sink, in snake_case. */
export type ColumnName = keyof CdrFields

/** One field of a call detail record. */
export interface CatalogueField {
  /** The key in the API's JSON. Other letter cases of it have been seen. */
  readonly name: string
  readonly column: ColumnName
  readonly type: FieldType
  readonly description: string
  /** The values that are known, in the API's spelling. New ones come at any time. Empty: any value. */
  readonly values: readonly string[]
  /** Other spellings of the name, as the specification and CSV reports have them. */
  readonly aliases: readonly string[]
  /** What stands for "no value" in this field, besides the empty text. To be compared exactly. */
  readonly nullMarkers: readonly string[]
  readonly personal: PersonalDataClass
}
