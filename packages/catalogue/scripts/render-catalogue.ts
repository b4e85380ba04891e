import type { FieldType, PersonalDataClass } from '../src/catalogue-field.ts'
import { columnName } from './column-name.ts'

/** A field in `data/cdr-fields.json`. */
export interface FieldSource {
  readonly name: string
  readonly type: FieldType
  readonly description: string
  readonly values: readonly string[]
  readonly aliases: readonly string[]
  readonly nullMarkers: readonly string[]
  readonly personal: PersonalDataClass
  /** The property's name in Cisco's specification, or null if the specification does not have the field. */
  readonly specName: string | null
}

const heading = '// Generated from data/cdr-fields.json by scripts/generate.ts. Do not edit.\n\n'

/**
 * Returns the text of each generated file, by its name in `src/generated`. Throws if two fields share a name.
 */
export function renderCatalogue(fields: readonly FieldSource[]): ReadonlyMap<string, string> {
  assertUnambiguous(fields)
  return new Map([
    ['catalogue.ts', heading + renderData(fields)],
    ['cdr-fields.ts', heading + renderInterface(fields)],
  ])
}

/** Throws if names differ only in letter case, which record keys and table columns ignore. */
function assertUnambiguous(fields: readonly FieldSource[]): void {
  const taken = new Set<string>()
  for (const { name, aliases } of fields) {
    if (!/^[a-z][a-z_]*$/.test(columnName(name)))
      throw new Error(`"${name}" cannot be turned into a column name`)
    const spellings = new Set([name, columnName(name), ...aliases].map((spelling) => spelling.toLowerCase()))
    for (const spelling of spellings) {
      if (taken.has(spelling)) throw new Error(`two fields are spelled "${spelling}"`)
      taken.add(spelling)
    }
  }
}

function renderData(fields: readonly FieldSource[]): string {
  const entries = fields.map(({ name, type, description, values, aliases, nullMarkers, personal }) => {
    const field = {
      name,
      column: columnName(name),
      type,
      description,
      values,
      aliases,
      nullMarkers,
      personal,
    }
    return Object.entries(field)
      .map(([key, value]) => `    ${key}: ${JSON.stringify(value)},\n`)
      .join('')
  })
  return [
    "import type { CatalogueField } from '../catalogue-field.ts'\n\n",
    "/** All known fields, in the API's order. */\n",
    'export const catalogue: readonly CatalogueField[] = [\n',
    ...entries.map((entry) => `  {\n${entry}  },\n`),
    ']\n',
  ].join('')
}

function renderInterface(fields: readonly FieldSource[]): string {
  const properties = fields.map(
    ({ name, type, description }) =>
      `  /** ${name}: ${description}${type === 'timestamp' ? ' In milliseconds since 1970, UTC.' : ''} */\n  readonly ${columnName(name)}: ${valueTypes[type]} | null\n`,
  )
  return [
    '/**\n',
    ' * The typed fields of a record, by the names they have in every sink. A field is null if it is absent or\n',
    ' * empty, or if it holds one of its null markers or a value that does not fit its type.\n',
    ' */\n',
    'export interface CdrFields {\n',
    ...properties,
    '}\n',
  ].join('')
}

const valueTypes: Readonly<Record<FieldType, string>> = {
  timestamp: 'number',
  number: 'number',
  'integer-string': 'number',
  'decimal-string': 'number',
  'boolean-string': 'boolean',
  'uuid-string': 'string',
  string: 'string',
}
