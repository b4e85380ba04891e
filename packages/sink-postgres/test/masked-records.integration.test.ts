import { cdrRecord, createRecordMask, type FieldPolicy } from '@cdrstream/core'
import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { makeRecord } from './support/records.ts'
import { queryAt, TrialSink } from './support/trial-sink.ts'

const schema = 'sink_postgres_masked'
let url = ''
beforeAll(async () => {
  url = await sharedPostgresUrl()
})
afterAll(() => queryAt(url, `drop schema if exists ${schema} cascade`))

const policy: FieldPolicy = {
  classes: {
    number: { kind: 'mask', digits: 4 },
    name: { kind: 'drop' },
    identifier: { kind: 'hash', hmac: () => 'f'.repeat(64) },
  },
}

test('values that a policy hides are not in any column, including extra and raw', async () => {
  const trial = new TrialSink({ url, schema, rawText: true })
  onTestFinished(() => trial.close())
  await trial.open()
  const record = makeRecord('a', {
    json: {
      'Calling number': '+4930123456',
      'CALLED NUMBER': ['+4930123456'],
      User: 'Kay Canary',
      'User UUID': 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6',
      'Authorization code': '27182818',
      'New field': 'kept',
    },
  })
  await trial.write(cdrRecord({ ...record, text: createRecordMask(policy).apply(record.text) }))

  const [row] = await queryAt(url, `select * from ${schema}.record`)
  expect(row).toMatchObject({
    key: 'a',
    calling_number: '+******3456',
    called_number: null,
    user: null,
    user_uuid: 'f'.repeat(64),
    authorization_code: null,
    extra: { 'New field': 'kept' },
  })
  expect(JSON.stringify(row)).not.toMatch(/4930|Canary|f81d4fae|27182818/)
})
