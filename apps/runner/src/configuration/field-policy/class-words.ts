import type { PersonalClass } from '@cdrstream/core'

/** How `fields` names each class of personal data. */
export const classWords: Readonly<Record<PersonalClass, string>> = {
  number: 'numbers',
  name: 'names',
  identifier: 'identifiers',
  address: 'addresses',
  secret: 'secrets',
  context: 'context',
}
