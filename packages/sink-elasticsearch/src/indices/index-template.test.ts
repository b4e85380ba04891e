import { catalogue } from '@cdrstream/catalogue'
import { describe, expect, test } from 'vitest'
import { expiredIndices } from './expired-indices.ts'
import { indexNames } from './index-names.ts'
import { indexTemplate, templateVersion } from './index-template.ts'

/** By version. A version that was released never changes: a change of the mapping is a new version with its own line. */
const contents: Readonly<Record<number, string>> = {
  1: '5fb0d9490e82a5e97a6005b6bb2d72fceb46f9a6265809f7aec7e8e6957f3f65',
}

describe('the index template', () => {
  test('has a new version when what it says has changed', () => {
    expect(indexTemplate().body._meta.cdrstream.content).toBe(contents[templateVersion])
    expect(indexTemplate().body.version).toBe(templateVersion)
  })

  test('maps every field of the catalogue, under its column', () => {
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

  test("does not use the columns for the sink's own fields", () => {
    const own = ['org', 'key', 'rank', 'home', 'source', 'accepted_at', 'extra', 'extra_text']
    expect(catalogue.map(({ column }) => String(column)).filter((column) => own.includes(column))).toEqual([])
  })

  test('indexes what people search by, and about half of all', () => {
    const { properties } = indexTemplate().body.template.mappings
    const indexed = catalogue.filter(({ column }) => properties[column]?.index !== false)
    expect(indexed.length).toBeLessThan(catalogue.length / 2)
  })

  test('says in settings what the options say', () => {
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

describe('the names of indices', () => {
  test('go by the month of home, and no other index of the prefix is taken for one', () => {
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

test('an index is expired when its last day is older than the retention', () => {
  const dayMs = 86_400_000
  const indices = ['cdr-2026.09', 'cdr-2026.10', 'cdr-2026.11']
  expect(expiredIndices(indices, 30 * dayMs, Date.UTC(2026, 9, 31))).toEqual(['cdr-2026.09'])
  expect(expiredIndices(indices, 30 * dayMs, Date.UTC(2026, 9, 30) - 1)).toEqual([])
  expect(expiredIndices(['cdr-2025.12'], dayMs, Date.UTC(2026, 0, 2))).toEqual(['cdr-2025.12'])
})
