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
  /** The property in Cisco's specification; null where that lacks the field. */
  readonly specName: string | null
}

const heading = '// Generated from data/cdr-fields.json by scripts/generate.ts. Do not edit.\n\n'

/** The generated files: their names in `src/generated`, and their text. */
export function renderCatalogue(fields: readonly FieldSource[]): ReadonlyMap<string, string> {
  refuseAmbiguity(fields)
  return new Map([
    ['catalogue.ts', heading + renderData(fields)],
    ['cdr-fields.ts', heading + renderInterface(fields)],
  ])
}

/** Records are matched without regard to letter case, and columns of a table too. */
function refuseAmbiguity(fields: readonly FieldSource[]): void {
  const taken = new Set<string>()
  for (const { name, aliases } of fields) {
    if (!/^[a-z][a-z_]*$/.test(columnName(name))) throw new Error(`"${name}" makes no column name`)
    const spellings = new Set([name, columnName(name), ...aliases].map((spelling) => spelling.toLowerCase()))
    for (const spelling of spellings) {
      if (taken.has(spelling)) throw new Error(`"${spelling}" stands for two fields`)
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
    "/** All fields that are known, in the API's order. */\n",
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
    '/**\n * The fields of a record, typed, by their names in every sink. null: empty, absent, a null marker of the field, or a\n',
    ' * value that the type cannot hold.\n */\n',
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
