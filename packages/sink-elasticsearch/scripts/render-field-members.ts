import type { CatalogueField } from '@cdrstream/catalogue'

/** Returns straight-line code, which is faster than looking up fields by a variable name. */
export function renderFieldMembers(catalogue: readonly CatalogueField[]): string {
  return `// Generated from the field catalogue by scripts/generate-field-members.ts. Do not edit.

import type { CdrFields } from '@cdrstream/catalogue'
import { timeJson } from '../format-time.ts'

/**
 * Returns the fields that have a value as members of a JSON object, each after a comma. \`escaped\` returns
 * text as the content of a JSON string.
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
