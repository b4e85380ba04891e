import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { columnName } from '../scripts/column-name.ts'
import { type FieldSource, renderCatalogue } from '../scripts/render-catalogue.ts'
import { type ColumnName, catalogue } from './index.ts'

const source: readonly FieldSource[] = JSON.parse(
  readFileSync(new URL('../data/cdr-fields.json', import.meta.url), 'utf8'),
)

const field = (name: string) => {
  const found = catalogue.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no field "${name}"`)
  return found
}

describe('the generated files', () => {
  test.each([...renderCatalogue(source)])('%s is up to date with the data', (file, text) => {
    expect(readFileSync(new URL(`./generated/${file}`, import.meta.url), 'utf8')).toBe(text)
  })

  test.each([
    ['a repeated name', ['User', 'User']],
    ['names that differ only by letter case', ['Client type', 'Client Type']],
    ['names that map to the same column', ['Local SessionID', 'Local Session ID']],
    ['a name that cannot be a column name', ['1st leg']],
  ])('cannot be rendered from %s', (_, names) => {
    const fields = names.map((name): FieldSource => ({ ...(source[0] as FieldSource), name, aliases: [] }))
    expect(() => renderCatalogue(fields)).toThrow()
  })

  test('cannot be rendered if an alias is the name of another field', () => {
    const [first, second] = source as [FieldSource, FieldSource]
    expect(() => renderCatalogue([first, { ...second, aliases: [first.name.toUpperCase()] }])).toThrow()
  })
})

describe('column names', () => {
  test.each([
    ['Report ID', 'report_id'],
    ['Local SessionID', 'local_session_id'],
    ['Final local SessionID', 'final_local_session_id'],
    ['Device MAC', 'device_mac'],
    ['Public Calling IP Address', 'public_calling_ip_address'],
    ['WxCC consult merge status', 'wxcc_consult_merge_status'],
    ['PSTN vendor org ID', 'pstn_vendor_org_id'],
    ['ELIN', 'elin'],
    ['User', 'user'],
  ] as const satisfies readonly (readonly [string, ColumnName])[])('%s becomes %s', (name, column) => {
    expect(columnName(name)).toBe(column)
    expect(field(name).column).toBe(column)
  })
})

describe('the catalogue', () => {
  test('has the 87 keys of a record from September 2026, in the same order', () => {
    expect(catalogue).toHaveLength(87)
    expect(catalogue.slice(0, 3).map(({ name }) => name)).toEqual(['Answer time', 'Answered', 'Direction'])
    expect(catalogue.at(-1)?.name).toBe('Answer reason')
  })

  test("lists the specification's spelling as an alias wherever it differs", () => {
    for (const { name, specName } of source) {
      if (specName !== null && specName !== name) expect(field(name).aliases).toContain(specName)
    }
  })

  test('has null markers only in fields where they cannot be a real name', () => {
    const marked = catalogue.filter(({ nullMarkers }) => nullMarkers.length > 0).map(({ name }) => name)
    expect(marked).not.toContain('User')
    expect(marked).not.toContain('Location')
    expect(field('Called line ID').nullMarkers).toEqual(['NA'])
    expect(field('OS type').nullMarkers).toEqual(['na'])
    expect(field('Answer reason').nullMarkers).toEqual(['N/A'])
  })

  test('classifies each field that holds personal data', () => {
    expect(field('Calling number').personal).toBe('number')
    expect(field('User').personal).toBe('name')
    expect(field('Device MAC').personal).toBe('identifier')
    expect(field('Network call ID').personal).toBe('address')
    expect(field('Authorization code').personal).toBe('secret')
    expect(field('Transfer type context').personal).toBe('context')
    expect(field('Duration').personal).toBe('none')
  })
})
