import { catalogue } from '@cdrstream/catalogue'
import { describe, expect, test } from 'vitest'
import { indexNames } from './index-names.ts'
import { indexTemplate, templateVersion } from './index-template.ts'

/**
 * The hash of the template, by version. A released version never changes: add a line for each new version.
 */
const contents: Readonly<Record<number, string>> = {
  1: 'b8ccb433be564b04a424a20cca3513befe1d565998c2e0a2774a7772b0649670',
}

describe('the index template', () => {
  test('has a new version if its content has changed', () => {
    expect(indexTemplate().body._meta.cdrstream.content).toBe(contents[templateVersion])
    expect(indexTemplate().body.version).toBe(templateVersion)
  })

  test('maps every field of the catalogue by its column', () => {
    const { properties } = indexTemplate().body.template.mappings
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(catalogue.map(({ column }) => column)))
    expect(properties).toMatchObject({
      start_time: { type: 'date' },
      duration: { type: 'double' },
      ring_duration: { type: 'long', index: false },
      answered: { type: 'boolean' },
      called_number: { type: 'keyword' },
      model: { type: 'keyword', index: false },
      transfer_type_context: { index: false, doc_values: false },
      extra: { type: 'flattened' },
    })
  })

  test("has no column with the name of one of the sink's own fields", () => {
    const own = ['org', 'key', 'rank', 'home', 'source', 'accepted_at', 'extra', 'extra_text']
    expect(catalogue.map(({ column }) => String(column)).filter((column) => own.includes(column))).toEqual([])
  })

  test('indexes fewer than half of the fields: the ones that users search by', () => {
    const { properties } = indexTemplate().body.template.mappings
    const indexed = catalogue.filter(({ column }) => properties[column]?.index !== false)
    expect(indexed.length).toBeLessThan(catalogue.length / 2)
  })

  test('has the settings from the options', () => {
    const options = {
      indexPrefix: 'calls',
      shards: 3,
      replicas: 0,
      refreshIntervalMs: 5_000,
      ilmPolicy: 'keep-a-year',
    }
    const { name, body } = indexTemplate(options)
    expect(name).toBe('calls')
    expect(body.index_patterns).toEqual(['calls-2*.*'])
    expect(body.template.aliases).toEqual({ calls: {} })
    expect(body.template.settings.index).toEqual({
      translog: { durability: 'request' },
      number_of_shards: 3,
      number_of_replicas: 0,
      refresh_interval: '5000ms',
      lifecycle: { name: 'keep-a-year' },
    })
    expect(body._meta.cdrstream.content).not.toBe(
      indexTemplate({ indexPrefix: 'calls' }).body._meta.cdrstream.content,
    )
  })
})

describe('the names of monthly indices', () => {
  test('are derived from the month of the home, and differ from the names of other indices', () => {
    const { monthly, isMonthly } = indexNames('cdr')
    expect(monthly('2026-11-24')).toBe('cdr-2026.11')
    expect(isMonthly('cdr-2026.11')).toBe(true)
    for (const other of [
      'cdr-coverage',
      'cdr-journals',
      'cdr-2026.11-copy',
      'cdr-2-2026.11',
      'acdr-2026.11',
      'cdr',
    ]) {
      expect(isMonthly(other)).toBe(false)
    }
  })
})
