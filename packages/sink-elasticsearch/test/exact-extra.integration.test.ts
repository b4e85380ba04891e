import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serverStartMs, type TestPlaces, testPlaces } from './support/test-places.ts'
import { testBatch, testRecord } from './support/test-record.ts'

let places: TestPlaces
beforeAll(async () => {
  places = await testPlaces('sink-exact')
}, serverStartMs)
afterAll(() => places.removeAll(), serverStartMs)

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

const inExtra = [
  '12345678901234567890',
  '9'.repeat(400),
  '-0.5',
  '1.0',
  '1e99',
  '123456.789012345',
  '[1, {"a":null}]',
  '"é😀"',
  nested(200),
]
const inExtraText = [
  '1e400',
  '-0',
  '0.12345678901234567',
  '9'.repeat(200_000),
  '{"a":1,"a":2}',
  '1,"New field":2',
  '{\n"a" : [\r\n1e400]}',
  nested(3_000),
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
]

describe('the value of an unknown field', () => {
  test('is stored exactly as sent, in extra or extra_text', async () => {
    const { session, alias } = await places.opened()
    const texts = [...inExtra, ...inExtraText].map((json) => `{"New field":${json}}`)
    const records = texts.map((text, at) => testRecord({ key: `${at}`, text }))

    expect(await session.write(testBatch(records))).toEqual({ kind: 'accepted' })
    await session.close()

    await places.server.ask('POST', `/${alias}/_refresh`)
    const answer = await fetch(`${places.url}/${alias}/_search?size=100`)
    // As text, because parsing the documents would change their values.
    const found = await answer.text()
    for (const json of inExtra) expect(found).toContain(`"extra":{"New field":${json}}`)
    for (const json of inExtraText) {
      const text = `{"New field":${json}}`.replace(/[\r\n]/g, ' ')
      expect(found).toContain(`"extra_text":${JSON.stringify(text)}`)
    }
  })

  test('is the same after the server rewrites the document', async () => {
    const { session, alias } = await places.opened()
    const numbers = inExtra.filter((json) => /^[-\d]/.test(json))
    const records = numbers.map((json, at) => testRecord({ key: `${at}`, text: `{"New field":${json}}` }))

    expect(await session.write(testBatch(records))).toEqual({ kind: 'accepted' })
    await session.close()

    await places.server.ask('POST', `/${alias}/_refresh`)
    const answer = await fetch(`${places.url}/${alias}/_search?size=100&_source_includes=extra&sort=key`)
    const found = [...(await answer.text()).matchAll(/"New field":([^}]+)}/g)].map(([, json]) => json)
    expect(found).toEqual(numbers.map((json) => (json === '1e99' ? '1.0E99' : json)))
  })
})
