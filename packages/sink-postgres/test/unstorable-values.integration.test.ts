import { describe, expect, test } from 'vitest'
import { textMember } from '../src/rows/extra-json.ts'
import { makeRecord } from './support/records.ts'
import { useTestSchema } from './support/test-schema.ts'

const schema = useTestSchema('sink_postgres_unstorable')
const table = `${schema.name}.record`
const rows = () =>
  schema.query(
    `select key, rank::int, duration, "user", called_number, location, user_type, extra from ${table} order by key`,
  )

/** Pseudo-random, so that an index cannot compress it. */
const longText = (length: number): string =>
  Array.from({ length }, (_, at) => ((at * 7_919 * (at % 97)) % 36).toString(36)).join('')

describe('a value that its column cannot hold', () => {
  test('is in extra if it has 3,000 characters, regardless of custom indexes', async () => {
    const trial = await schema.openSink()
    await schema.query(`create index custom on ${table} ("user", location)`)
    const long = longText(3_000)
    const json = { 'Called number': long, User: long, Location: 'Berlin' }

    expect(await trial.write(makeRecord('a', { json }), makeRecord('b'))).toEqual({ kind: 'accepted' })

    expect(await rows()).toMatchObject([
      {
        key: 'a',
        called_number: null,
        user: null,
        location: 'Berlin',
        extra: { 'Called number': long, User: long },
      },
      { key: 'b', extra: null },
    ])
  })

  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    [
      'an index on several columns',
      `create index custom on ${table} ("user", location, user_type)`,
      { User: longText(999), Location: longText(999), 'User type': longText(999) },
    ],
    ['a shorter column', `alter table ${table} alter column "user" type varchar(5)`, { User: 'too long' }],
    [
      'an index on a value in extra',
      `create index custom on ${table} ((extra ->> 'New field'))`,
      { 'New field': longText(9_000) },
    ],
    ['an index on an expression', `create index custom on ${table} ((1 / (duration - 7)))`, { Duration: 7 }],
  ])(
    'because of %s is in extra, and the other records of the batch are not affected',
    async (_, statement, json) => {
      for (const more of [{}, { keepRevisions: true }]) {
        await schema.query(`drop schema if exists ${schema.name} cascade`)
        const trial = await schema.openSink(more)
        await trial.write(makeRecord('first'))
        await schema.query(statement)
        const batch = [makeRecord('a'), makeRecord('b', { json }), makeRecord('c')]

        expect(await trial.write(...batch)).toEqual({ kind: 'accepted' })

        const [a, b, c] = await rows()
        expect([a, c]).toMatchObject([
          { key: 'a', duration: 42, extra: null },
          { key: 'c', duration: 42, extra: null },
        ])
        const extra = (b?.extra ?? {}) as Readonly<Record<string, string>>
        const held = { ...extra, ...JSON.parse(extra[textMember] ?? '{}') }
        const shown = {
          User: b?.user,
          Location: b?.location,
          'User type': b?.user_type,
          Duration: b?.duration,
        }
        for (const [name, value] of Object.entries(json))
          expect([held[name], shown[name as keyof typeof shown]]).toContain(value)
      }
    },
  )

  test('leaves no more columns empty than necessary', async () => {
    const trial = await schema.openSink()
    await schema.query(`alter table ${table} alter column "user" type varchar(5)`)
    await schema.query(`alter table ${table} alter column location type varchar(5)`)
    const json = { User: 'too long', Location: 'too long', 'Called number': '+49', New: 1 }

    expect(await trial.write(makeRecord('a', { json }))).toEqual({ kind: 'accepted' })

    expect(await rows()).toEqual([
      {
        key: 'a',
        rank: 1,
        duration: 42,
        user: null,
        location: null,
        user_type: null,
        called_number: '+49',
        extra: { User: 'too long', Location: 'too long', New: 1 },
      },
    ])
  })

  test('is in extra if it belongs to a newer revision', async () => {
    const trial = await schema.openSink()
    await trial.write(makeRecord('a'))
    await schema.query(`alter table ${table} alter column "user" type varchar(5)`)

    expect(await trial.write(makeRecord('a', { rank: 2, json: { User: 'too long' } }))).toEqual({
      kind: 'accepted',
    })

    expect(await rows()).toMatchObject([{ key: 'a', rank: 2, user: null, extra: { User: 'too long' } }])
  })
})

describe('extra', () => {
  test.each([
    ['12345678901234567890', '12345678901234567890'],
    ['1.0', '1.0'],
    ['[1, {"a": null}]', '[1, {"a": null}]'],
    ['"\\u00e9\\ud83d\\ude00"', '"é😀"'],
  ])('stores %s exactly', async (json, expected) => {
    const trial = await schema.openSink()
    const text = `{"Report ID":"a","New field":${json}}`
    expect(await trial.write(makeRecord('a', { text }))).toEqual({ kind: 'accepted' })
    expect(await schema.query(`select (extra -> 'New field')::text as found from ${table}`)).toEqual([
      { found: expected },
    ])
  })

  test.each([
    '1e400',
    '-0',
    '1e999999',
    '9'.repeat(200_000),
    '{"a":1,"a":2}',
    '"\\u0000"',
    '"\\ud800"',
    `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
    `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  ])('stores as text a value that jsonb would reject or change: %.20s', async (json) => {
    const trial = await schema.openSink()
    const text = `{"New field":${json}}`
    expect(await trial.write(makeRecord('a', { text }))).toEqual({ kind: 'accepted' })
    expect(await schema.query(`select extra ->> '${textMember}' as found from ${table}`)).toEqual([
      { found: text },
    ])
  })
})
