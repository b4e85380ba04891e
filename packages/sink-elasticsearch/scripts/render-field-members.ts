import type { CatalogueField } from '@cdrstream/catalogue'

/** Straight-line code: to look a field up by a name that changes takes long. */
export function renderFieldMembers(catalogue: readonly CatalogueField[]): string {
  return `// Generated from the field catalogue by scripts/generate-field-members.ts. Do not edit.

import type { CdrFields } from '@cdrstream/catalogue'
import { timeJson } from '../format-time.ts'

/**
 * The fields that have a value, as members of a JSON object, each behind a comma. \`escaped\` makes of a text
 * what may stand between quotes.
 */
export function fieldMembers(fields: CdrFields, escaped: (text: string) => string): string {
  let members = ''
${catalogue.map(renderStep).join('')}  return members
}
`
}

function renderStep({ column, type }: CatalogueField): string {
  const member = `,"${column}":`
  return `  if (fields.${column} !== null) members += ${renderMember(member, `fields.${column}`, type)}\n`
}

function renderMember(begin: string, value: string, type: CatalogueField['type']): string {
  switch (type) {
    case 'timestamp':
      return `'${begin}' + timeJson(${value})`
    case 'string':
    case 'uuid-string':
      return `'${begin}"' + escaped(${value}) + '"'`
    case 'number':
    case 'integer-string':
    case 'decimal-string':
    case 'boolean-string':
      return `'${begin}' + ${value}`
  }
}
