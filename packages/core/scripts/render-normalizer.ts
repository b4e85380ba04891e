import type { CatalogueField, FieldType } from '@cdrstream/catalogue'
import { readers } from '../src/normalize/read-value.ts'

const heading = '// Generated from the field catalogue by scripts/generate-normalizer.ts. Do not edit.\n\n'

/** Returns the generated files: their names in `src/normalize/generated` and their text. */
export function renderNormalizer(fields: readonly CatalogueField[]): ReadonlyMap<string, string> {
  return new Map([
    ['normalize-fields.ts', heading + renderNormalizeFields(fields)],
    ['canonical-fields.ts', heading + renderCanonicalFields(fields)],
    ['fields-of.ts', heading + renderFieldsOf(fields)],
  ])
}

/**
 * The code has no loop, because a loop over a table costs four times as much. All fields start as null, since
 * nearly half of them stay null: this is faster than adding only the fields that were read.
 */
function renderNormalizeFields(fields: readonly CatalogueField[]): string {
  const names = [...new Set(fields.map(({ type }) => readers[type].name))].sort()
  return `import type { CdrFields } from '@cdrstream/catalogue'
import { type Findings, ${names.join(', ')} } from '../read-value.ts'

/** Reads the fields by their exact names. */
export function normalizeFields(record: Readonly<Record<string, unknown>>, findings: Findings): CdrFields {
  const fields: { -readonly [Column in keyof CdrFields]: CdrFields[Column] } = {
${fields.map(({ column }) => `    ${column}: null,\n`).join('')}  }
  let absent = 0
  let value: unknown
${fields.map(renderStep).join('')}
  findings.known = ${fields.length} - absent
  return fields
}
`
}

function renderStep({ name, column, type, nullMarkers }: CatalogueField): string {
  const notEmpty = ['', ...nullMarkers].map((marker) => `value !== ${JSON.stringify(marker)}`).join(' && ')
  return `
  value = record[${JSON.stringify(name)}]
  if (value === undefined) absent += 1
  else if (${notEmpty}) fields.${column} = ${renderRead(type, name)}
`
}

function renderRead(type: FieldType, name: string): string {
  const reader = readers[type].name
  const read = `${reader}(value, ${JSON.stringify(name)}, findings)`
  return reader === 'readText' ? `typeof value === 'string' ? value : ${read}` : read
}

/**
 * Fields are identified by the order of the values, so changing the order changes the fingerprint of every
 * record.
 */
function renderCanonicalFields(fields: readonly CatalogueField[]): string {
  return `import type { CdrFields } from '@cdrstream/catalogue'

/** Returns the fields as a JSON array, in the order of the catalogue. */
export function canonicalFields(fields: CdrFields): string {
  return JSON.stringify([
${fields.map(({ column }) => `    fields.${column},\n`).join('')}  ])
}
`
}

function renderFieldsOf(fields: readonly CatalogueField[]): string {
  return `import type { CdrFields } from '@cdrstream/catalogue'

/** Returns the fields from the text that \`canonicalFields\` returned for them. */
export function fieldsOf(canonical: string): CdrFields {
  const values = JSON.parse(canonical)
  return {
${fields.map(({ column }, at) => `    ${column}: values[${at}],\n`).join('')}  }
}
`
}
