import type { CdrFields } from './generated/cdr-fields.ts'

/**
 * How the API writes a field in JSON. Numeric fields occur both as numbers and as strings, so readers accept
 * either.
 * - `timestamp`: `2026-09-24T07:49:10.939Z`, or `2023-10-12 21:22:32.621`, which also means UTC
 * - `number`, `decimal-string`: a number, or a string that holds one
 * - `integer-string`: a whole number, or a string that holds one
 * - `boolean-string`: `"true"` or `"false"`
 * - `uuid-string`: usually a plain UUID, but the API does not guarantee it
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
 * What a field reveals about a person.
 * - `number`: a telephone number, or dialled digits
 * - `name`: the name of a person, place or service
 * - `identifier`: identifies one person, place or device
 * - `address`: an IP address, or text that may contain one
 * - `secret`: grants access to anyone who knows it, such as an authorization code
 * - `context`: free text about what a call was for
 */
export type PersonalDataClass = 'none' | 'number' | 'name' | 'identifier' | 'address' | 'secret' | 'context'

/** The name of a field in every sink, in snake_case. */
export type ColumnName = keyof CdrFields

/** One field of a call detail record. */
export interface CatalogueField {
  /** The key in the API's JSON. The API has also sent it with different capitalization. */
  readonly name: string
  readonly column: ColumnName
  readonly type: FieldType
  readonly description: string
  /**
   * The known values, in the API's spelling; empty if the field is free text. Cisco can add values at any
   * time.
   */
  readonly values: readonly string[]
  /** Other spellings of the name, from the specification and from CSV reports. */
  readonly aliases: readonly string[]
  /** The texts that mean "no value" in this field, besides the empty string. Compare them exactly. */
  readonly nullMarkers: readonly string[]
  readonly personal: PersonalDataClass
}
