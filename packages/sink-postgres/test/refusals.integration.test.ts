import { inspect } from 'node:util'
import type { CdrRecord } from '@cdrstream/plugin'
import { describe, expect, test } from 'vitest'
import { makeRecord } from './support/records.ts'
import { useTestSchema } from './support/test-schema.ts'

const schema = useTestSchema('sink_postgres_refusals')
const keys = async () =>
  (await schema.query(`select key from ${schema.name}.record order by key`)).map(({ key }) => key)
const positions = () =>
  schema.query(`select journal_offset::int as offset from ${schema.name}.position where sink = 'warehouse'`)

function unreadable(key: string, changes: Parameters<typeof makeRecord>[1] = {}): CdrRecord {
  return Object.defineProperty({ ...makeRecord(key, changes) }, 'fields', {
    get: () => {
      throw new Error('+15551234')
    },
  })
}

describe('a batch', () => {
  test.each<[string, (key: string) => CdrRecord]>([
    ['fields that cannot be read', unreadable],
    ['a key that is too long', (key) => makeRecord(key + 'k'.repeat(3_000))],
    ['a home that is not a day', (key) => makeRecord(key, { home: 'no day' })],
    ['a rank that is not a whole number', (key) => makeRecord(key, { rank: 0.5 })],
  ])('that contains a record with %s is refused with its index, and nothing is stored', async (_, bad) => {
    for (const more of [{}, { keepRevisions: true }]) {
      await schema.query(`drop schema if exists ${schema.name} cascade`)
      const trial = await schema.openSink(more)
      await trial.write(makeRecord('first'))
      const before = await positions()
      const batch = [makeRecord('a'), makeRecord('b'), bad('c'), makeRecord('d')]

      const outcome = await trial.write(...batch)

      expect(outcome).toMatchObject({ kind: 'refused', refused: [{ index: 2 }] })
      expect(JSON.stringify(outcome)).not.toMatch(/5551234|kkk/)
      expect(await keys()).toEqual(['first'])
      expect(await positions()).toEqual(before)
      expect(await trial.write(...batch.toSpliced(2, 1))).toEqual({ kind: 'accepted' })
      expect(await keys()).toEqual(['a', 'b', 'd', 'first'])
    }
  })

  test('that contains an unreadable newer revision leaves the stored one in place', async () => {
    const trial = await schema.openSink()
    await trial.write(makeRecord('a'), makeRecord('b'))

    const outcome = await trial.write(unreadable('a', { rank: 2 }), makeRecord('b', { rank: 2 }))

    expect(outcome).toMatchObject({ kind: 'refused', refused: [{ index: 0 }] })
    expect(await schema.query(`select key, rank::int from ${schema.name}.record order by key`)).toEqual([
      { key: 'a', rank: 1 },
      { key: 'b', rank: 1 },
    ])
  })

  test('with several records that cannot be encoded is refused with all their indexes', async () => {
    const trial = await schema.openSink()

    const outcome = await trial.write(unreadable('b'), makeRecord('c'), unreadable('a'))

    expect(outcome).toMatchObject({ kind: 'refused', refused: [{ index: 2 }, { index: 0 }] })
  })
})

describe('a row that the server rejects', () => {
  test('is refused in a batch of thousands, both with and without a lookup', async () => {
    const trial = await schema.openSink()
    await schema.query(`alter table ${schema.name}.record add constraint custom check (duration < 1000)`)
    for (const round of [1, 2]) {
      const batch = Array.from({ length: 3_000 }, (_, at) => makeRecord(`${round}-${at}`))
      const bad = batch.toSpliced(1_234, 1, makeRecord(`${round}-1234`, { json: { Duration: 4_242 } }))

      const outcome = await trial.write(...bad)

      expect(outcome).toMatchObject({ kind: 'refused', refused: [{ index: 1_234 }] })
      expect(JSON.stringify(outcome)).not.toContain('4242')
      expect(await trial.write(...bad.toSpliced(1_234, 1))).toEqual({ kind: 'accepted' })
    }
    expect(await keys()).toHaveLength(5_998)
  })

  test('is refused if a custom trigger or unique index rejects it', async () => {
    const trial = await schema.openSink()
    await trial.write(makeRecord('first'))
    await schema.query(`create function ${schema.name}.object() returns trigger language plpgsql as
      $$ begin if new.key = 'b' then raise exception 'not %', new.calling_number; end if; return new; end $$;
      create trigger object before insert on ${schema.name}.record for each row execute function ${schema.name}.object();
      create unique index custom on ${schema.name}.record (home, duration)`)

    const outcome = await trial.write(
      makeRecord('a', { json: { Duration: 1 } }),
      makeRecord('b', { json: { Duration: 2 } }),
    )
    expect(outcome).toMatchObject({ kind: 'refused', refused: [{ index: 1 }] })
    expect(JSON.stringify(outcome)).not.toContain('5551234')
    expect(await trial.write(makeRecord('c', { json: { Duration: 3 } }), makeRecord('d'))).toMatchObject({
      kind: 'refused',
      refused: [{ index: 1 }],
    })
    expect(await keys()).toEqual(['first'])
  })

  test('causes the batch to be rejected if the row does not fail alone, and the session remains usable', async () => {
    const trial = await schema.openSink()
    await trial.write(makeRecord('first', { json: { Duration: 1 } }))
    await schema.query(`create unique index custom on ${schema.name}.record (home, duration)`)
    const batch = [makeRecord('a', { json: { Duration: 5 } }), makeRecord('b', { json: { Duration: 5 } })]

    expect(await trial.write(...batch)).toMatchObject({ kind: 'rejected' })

    expect(await keys()).toEqual(['first'])
    trial.rewind()
    expect(await trial.write(makeRecord('a', { json: { Duration: 5 } }))).toEqual({ kind: 'accepted' })
  })
})

const quotedDenial = `raise exception 'permission denied for table %', new.user using errcode = '42501'`
const quotedNames = `raise exception 'x' using errcode = '23505', constraint = new.user, table = new.user`
const quotedShutdown = `raise exception '%', new.user using errcode = '57P01', detail = new.user`

test.each([
  ['in its message', `raise exception 'not %', new.user`],
  ['in a message about a missing privilege', quotedDenial],
  ['as the name of a constraint', quotedNames],
  ['in a statement', `execute 'drop table ' || quote_ident(new.user)`],
  ['as the reason for a shutdown', quotedShutdown],
])('the outcome does not contain a value that a trigger quotes %s', async (_, statement) => {
  const trial = await schema.openSink()
  await trial.write(makeRecord('first'))
  await schema.query(`create function ${schema.name}.quote() returns trigger language plpgsql as
    $$ begin ${statement}; return new; end $$;
    create trigger quote before insert on ${schema.name}.record for each row execute function ${schema.name}.quote()`)

  const outcome = await trial.write(makeRecord('a', { json: { User: 'canary' } }))

  expect(outcome.kind).not.toBe('accepted')
  expect(inspect(outcome, { depth: 9 })).not.toContain('canary')
})
