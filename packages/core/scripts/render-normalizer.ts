import type { CatalogueField, FieldType } from '@cdrstream/catalogue'
import { readers } from '../src/normalize/read-value.ts'

const heading = '// Generated from the field catalogue by scripts/generate-normalizer.ts. Do not edit.\n\n'

/** Returns the text of each generated file, keyed by its name in `src/normalize/generated`. */
export function renderNormalizer(fields: readonly CatalogueField[]): ReadonlyMap<string, string> {
  return new Map([
    ['normalize-fields.ts', heading + renderNormalizeFields(fields)],
    ['canonical-fields.ts', heading + renderCanonicalFields(fields)],
    ['fields-of.ts', heading + renderFieldsOf(fields)],
  ])
}

/**
 * The code has no loop, because a loop over a table takes four times as long. All fields start as null:
 * nearly half of them stay null, and this is faster than adding only the fields that were read.
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
 * record. Trailing null values are omitted, so that a field appended to the catalogue changes only the
 * fingerprints of records that have it.
 */
function renderCanonicalFields(fields: readonly CatalogueField[]): string {
  return `import type { CdrFields } from '@cdrstream/catalogue'

/** Returns the fields as a JSON array, in the order of the catalogue, without null values at its end. */
export function canonicalFields(fields: CdrFields): string {
  const text = JSON.stringify([
${fields.map(({ column }) => `    fields.${column},\n`).join('')}  ])
  let end = text.length - 1
  while (text.endsWith(',null', end)) end -= 5
  return \`\${text.slice(0, end)}]\`
}
`
}

function renderFieldsOf(fields: readonly CatalogueField[]): string {
  return `import type { CdrFields } from '@cdrstream/catalogue'

/** Returns the fields from the text that \`canonicalFields\` returned for them. */
export function fieldsOf(canonical: string): CdrFields {
  const values = JSON.parse(canonical)
  while (values.length < ${fields.length}) values.push(null)
  return {
${fields.map(({ column }, at) => `    ${column}: values[${at}],\n`).join('')}  }
}
`
}
