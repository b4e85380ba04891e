import { SinkFault } from '@cdrstream/sink-kit'
import { describe, expect, test } from 'vitest'
import { bulkAnswer, readBulkResponse } from './read-bulk-response.ts'

const read = (...items: readonly { status: number; type?: string; reason?: string }[]) =>
  readBulkResponse(
    {
      errors: items.some(({ type }) => type !== undefined),
      items: items.map(({ status, type, reason }) => ({
        index: { status, ...(type && { error: { type, reason } }) },
      })),
    },
    items.length,
    'cdr-2*.*',
  )

describe('the outcome of a record', () => {
  test('does not depend on the other records in the response', () => {
    const outcomes = read(
      { status: 201 },
      { status: 200 },
      { status: 409, type: 'version_conflict_engine_exception' },
      { status: 429, type: 'es_rejected_execution_exception' },
      { status: 503, type: 'unavailable_shards_exception' },
      { status: 404, type: 'index_not_found_exception' },
      {
        status: 400,
        type: 'document_parsing_exception',
        reason: '[1:6] failed to parse field [duration] of type [date]',
      },
    )
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'written',
      'written',
      'written',
      'again',
      'again',
      'index-gone',
      'refused',
    ])
  })

  test('names the error and the field if the record is refused, and quotes nothing from the record', () => {
    const reason =
      "failed to parse field [called_number] in document with id 'acme:1'. Preview of field's value: '+15550100'"
    const [outcome] = read({ status: 400, type: 'document_parsing_exception', reason })
    expect(outcome).toEqual({
      kind: 'refused',
      reason: 'Elasticsearch rejects the field called_number: document_parsing_exception',
    })
    const [other] = read({ status: 400, type: 'some_exception', reason: 'field [+15550100]' })
    expect(other).toMatchObject({ kind: 'refused', reason: expect.not.stringContaining('+1555') })
  })

  test.each([
    [403, 'security_exception', 'forbidden', 'index'],
    [429, 'cluster_block_exception', 'disk-full', 'disk'],
    [403, 'cluster_block_exception', 'index-blocked', 'block'],
    [400, 'index_closed_exception', 'index-closed', '_open'],
    [400, 'validation_exception', 'index-unusable', 'validation_exception'],
    [400, 'invalid_index_name_exception', 'index-unusable', 'invalid_index_name_exception'],
  ])('is a sink fault and not a refusal after %i %s: %s', (status, type, code, word) => {
    const [outcome] = read({ status, type })
    if (outcome?.kind !== 'failed') throw new Error('not failed')
    expect(outcome.fault).toBeInstanceOf(SinkFault)
    expect(outcome.fault).toMatchObject({ code, remedy: expect.stringContaining(word) })
  })
})

test.each([
  ['FORBIDDEN/5/index read-only (api)', 'index-blocked', '{"index.blocks.read_only":null}'],
  ['FORBIDDEN/8/index write (api)', 'index-blocked', '{"index.blocks.write":null}'],
  ['FORBIDDEN/6/cluster read-only (api)', 'cluster-blocked', '"cluster.blocks.read_only":null'],
  ['FORBIDDEN/13/cluster read-only', 'cluster-blocked', '"cluster.blocks.read_only_allow_delete":null'],
  ['FORBIDDEN/99/of a later version', 'index-blocked', 'GET /cdr-2026.11/_settings'],
])('the block %s → %s, with a remedy that removes it', (block, code, fix) => {
  const reason = `index [cdr-2026.11] blocked by: [${block}];`
  const [outcome] = read({ status: 403, type: 'cluster_block_exception', reason })
  const remedy = expect.stringContaining(fix)
  expect(outcome).toMatchObject({ kind: 'failed', fault: { code, remedy } })
})

test('a cluster without a master causes a retry', () => {
  const reason = 'blocked by: [SERVICE_UNAVAILABLE/2/no master];'
  expect(read({ status: 503, type: 'cluster_block_exception', reason })).toMatchObject([{ kind: 'again' }])
})

test('an item without a status refuses no record', () => {
  expect(readBulkResponse({ errors: true, items: [{}, { index: {} }] }, 2, 'cdr-2*.*')).toEqual([
    { kind: 'again', cause: expect.any(Error) },
    { kind: 'again', cause: expect.any(Error) },
  ])
})

test.each([
  [undefined],
  [{}],
  [{ errors: true, items: [null, 1] }],
  [{ errors: false, items: [] }],
  ['<html>'],
])('the body %j is rejected as a response for two records', (body) => {
  expect(() => readBulkResponse(bulkAnswer.parse(body ?? {}), 2, 'cdr-2*.*')).toThrow()
})
