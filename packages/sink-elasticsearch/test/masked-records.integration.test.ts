import { cdrRecord, createRecordMask, type FieldPolicy } from '@cdrstream/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverStartMs, type TestPlaces, testPlaces } from './support/test-places.ts'
import { testBatch, testRecord } from './support/test-record.ts'

let places: TestPlaces
beforeAll(async () => {
  places = await testPlaces('sink-masked')
}, serverStartMs)
afterAll(() => places.removeAll(), serverStartMs)

const policy: FieldPolicy = {
  classes: {
    number: { kind: 'mask', digits: 4 },
    name: { kind: 'drop' },
    identifier: { kind: 'hash', hmac: () => 'f'.repeat(64) },
  },
}

test('a document contains no value that the policy hides, and is searchable by hashed values', async () => {
  const { session, alias } = await places.opened()
  const record = testRecord({
    content: {
      'Calling number': '+4930123456',
      'CALLED NUMBER': ['+4930123456'],
      User: 'Kay Canary',
      'User UUID': 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6',
      'Authorization code': '27182818',
      'New field': 'kept',
    },
  })
  await session.write(
    testBatch([cdrRecord({ ...record, text: createRecordMask(policy).apply(record.text) })]),
  )

  const [document] = await places.server.documents(alias)
  expect(document?._source).toMatchObject({
    key: 'one',
    calling_number: '+******3456',
    user_uuid: 'f'.repeat(64),
    extra: { 'New field': 'kept' },
  })
  expect(JSON.stringify(document)).not.toMatch(/4930|Canary|f81d4fae|27182818/)
  const { hits } = await places.server.ask('POST', `/${alias}/_search`, {
    query: { term: { user_uuid: 'f'.repeat(64) } },
  })
  expect(hits.hits).toHaveLength(1)
  await session.close()
})
