import type { PersonalClass } from '@cdrstream/core'

/** The name of each personal-data class in `fields`. */
export const classWords: Readonly<Record<PersonalClass, string>> = {
  number: 'numbers',
  name: 'names',
  identifier: 'identifiers',
  address: 'addresses',
  secret: 'secrets',
  context: 'context',
}
