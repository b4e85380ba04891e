import { type CatalogueField, type ColumnName, catalogue } from '@cdrstream/catalogue'
import { canonicalJson } from './canonical-json.ts'
import { type Findings, readers } from './read-value.ts'

/**
 * Reads the keys of a record that are not exact field names: fields in other spellings go into `fields`, and
 * unknown keys into `findings.extra`. `fields` and `findings` come from the exact names.
 */
export function readOtherNames(
  record: Readonly<Record<string, unknown>>,
  names: readonly string[],
  fields: Record<ColumnName, unknown>,
  findings: Findings,
): void {
  const spellings = new Map<CatalogueField, string[]>()
  for (const name of otherNames(names, names.length - findings.known)) {
    const value = record[name]
    if (isNothing(value)) continue
    const field = fieldBySpelling.get(name.toLowerCase())
    if (field === undefined) findings.extra.set(name, value)
    else {
      const others = spellings.get(field)
      if (others === undefined) spellings.set(field, [name])
      else others.push(name)
    }
  }
  for (const [field, others] of spellings) {
    // Sorted, so that the chosen spelling does not depend on the order of the keys.
    const [taken, ...left] = [field.name, ...others.sort()].filter((name) => !isEmpty(record[name], field))
    if (taken === undefined) continue
    fields[field.column] = readers[field.type](record[taken], field.name, findings)
    const content = contentOf(record[taken], field)
    for (const name of left) {
      if (contentOf(record[name], field) !== content) findings.extra.set(name, record[name])
    }
  }
}

const exactNames: ReadonlySet<string> = new Set(catalogue.map(({ name }) => name))

const fieldBySpelling: ReadonlyMap<string, CatalogueField> = new Map(
  catalogue.flatMap((field) =>
    [field.name, ...field.aliases].map((spelling) => [spelling.toLowerCase(), field] as const),
  ),
)

/**
 * Returns the names that are not exact. Searches from the end, where new fields appear (api/webex-cdr-api.md,
 * section 9).
 */
function otherNames(names: readonly string[], count: number): readonly string[] {
  const others: string[] = []
  for (let at = names.length - 1; at >= 0 && others.length < count; at -= 1) {
    const name = names[at]
    if (name !== undefined && !exactNames.has(name)) others.push(name)
  }
  return others.reverse()
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function isEmpty(value: unknown, { nullMarkers }: CatalogueField): boolean {
  return isNothing(value) || (typeof value === 'string' && nullMarkers.includes(value))
}

function contentOf(value: unknown, { name, type }: CatalogueField): string {
  const findings: Findings = { known: 0, extra: new Map() }
  return canonicalJson([readers[type](value, name, findings), ...findings.extra.values()])
}
