import { sharedPostgresUrl, startPgBouncer } from '@cdrstream-internal/services'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { schemaSql } from '../src/index.ts'
import { makeRecord } from './support/records.ts'
import { call, makeSink, queryAt, type Row, TrialSink, tryOpen } from './support/trial-sink.ts'

const schema = 'sink_postgres'
let url = ''
beforeAll(async () => {
  url = await sharedPostgresUrl()
})
beforeEach(() => query(`drop schema if exists ${schema} cascade`))
afterAll(() => query(`drop schema if exists ${schema} cascade`))

function query(text: string): Promise<readonly Row[]> {
  return queryAt(url, text)
}

async function openSink(
  more: Readonly<Record<string, unknown>> = {},
  incarnation?: string,
  name?: string,
): Promise<TrialSink> {
  const trial = new TrialSink({ url, schema, ...more }, incarnation, name)
  onTestFinished(() => trial.close())
  await trial.open()
  return trial
}

const ranks = () => query(`select key, home::text, rank::int from ${schema}.record order by key`)

describe('the table', () => {
  test('has a typed, commented column for each field, and has values that do not fit in extra', async () => {
    const trial = await openSink()
    await trial.write(
      makeRecord('a', { json: { 'Site timezone': '-420', 'Ring duration': 'long', 'New field': { x: 1 } } }),
    )

    const rows = await query(
      `select start_time, duration, answered, site_timezone, ring_duration, extra from ${schema}.record`,
    )

    expect(rows).toEqual([
      {
        start_time: new Date('2026-11-24T11:58:00.000Z'),
        duration: 42,
        answered: true,
        site_timezone: -420,
        ring_duration: null,
        extra: { 'Ring duration': 'long', 'New field': { x: 1 } },
      },
    ])
    const bare = await query(`select attname from pg_attribute where attrelid = '${schema}.record'::regclass
      and attnum > 0 and col_description(attrelid, attnum) is null`)
    expect(bare).toEqual([])
  })

  test('has partitions for the next months and for the months of written records', async () => {
    const trial = await openSink()
    await trial.write(makeRecord('old', { home: '2019-02-03' }))

    const partitions = await query(`select relname from pg_class where relname ~ '^record_\\d{4}_\\d{2}$'
      and relnamespace = '${schema}'::regnamespace order by relname`)

    const month = (ahead: number): string => {
      const now = new Date()
      return `record_${new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)).toISOString().slice(0, 7).replace('-', '_')}`
    }
    expect(partitions.map(({ relname }) => relname)).toEqual(['record_2019_02', month(0), month(1), month(2)])
  })

  test('has each key once per org, even if a batch with several orgs is written again', async () => {
    const trial = await openSink()
    const record = (org: string, rank: number) => makeRecord('a', { org, rank })
    await trial.write(record('acme', 1), record('globex', 1), record('initech', 3))
    await trial.write(record('acme', 1), record('globex', 2), record('initech', 2))

    expect(await query(`select org, rank::int from ${schema}.record order by org`)).toEqual([
      { org: 'acme', rank: 1 },
      { org: 'globex', rank: 2 },
      { org: 'initech', rank: 3 },
    ])
  })

  test('has the raw text with rawText, and keepRevisions adds a table with all revisions', async () => {
    const trial = await openSink({ rawText: true, keepRevisions: true })
    const first = makeRecord('a')
    const second = makeRecord('a', {
      rank: 2,
      json: { Duration: 43, 'Start time': '2026-12-01T00:00:00.000Z' },
    })
    await trial.write(first, second)
    await trial.write(first)

    expect(await query(`select rank::int, duration, raw from ${schema}.record`)).toEqual([
      { rank: 2, duration: 43, raw: second.text },
    ])
    expect(await query(`select rank::int, duration from ${schema}.revision order by rank`)).toEqual([
      { rank: 1, duration: 42 },
      { rank: 2, duration: 43 },
    ])
  })

  test('loses no earlier revision of an old record if keepRevisions is set later', async () => {
    const before = await openSink({}, 'journal-1')
    await before.write(makeRecord('old', { home: '2026-08-30' }))
    const after = await openSink({ keepRevisions: true }, 'journal-2')

    expect(await after.write(makeRecord('old', { rank: 2 }))).toEqual({ kind: 'accepted' })

    expect(await query(`select home::text, rank::int from ${schema}.revision order by rank`)).toEqual([
      { home: '2026-08-30', rank: 1 },
      { home: '2026-08-30', rank: 2 },
    ])
  })

  test('has the newest revision of each record after batches that mix new and known records', async () => {
    const trial = await openSink()
    const numbered = (from: number, to: number, rank = 1) =>
      Array.from({ length: to - from }, (_, at) =>
        makeRecord(`${from + at}`, { rank, json: { Duration: rank } }),
      )
    await trial.write(...numbered(1_000, 1_500))
    const twice = [makeRecord('4000', { rank: 3 }), makeRecord('4000', { rank: 4 })]
    const batches = [
      [...numbered(1_900, 4_000), ...numbered(1_400, 1_500, 2)],
      [...numbered(1_900, 2_000), ...numbered(1_400, 1_500)],
      numbered(5_000, 5_100),
      [...twice, ...numbered(6_000, 6_100)],
      [...twice.toReversed(), ...numbered(7_000, 7_100)],
    ]
    for (const batch of batches) expect(await trial.write(...batch)).toEqual({ kind: 'accepted' })

    const expected = [
      ...numbered(1_000, 1_400),
      ...numbered(1_400, 1_500, 2),
      ...numbered(1_900, 4_000),
      makeRecord('4000', { rank: 4 }),
      ...[5_000, 6_000, 7_000].flatMap((from) => numbered(from, from + 100)),
    ]
    expect(await ranks()).toEqual(expected.map(({ key, home, rank }) => ({ key, home, rank })))
  })

  test('has the newer of two revisions in one batch, even with a similar key between them', async () => {
    const trial = await openSink()
    const [one, two] = ['content:1', 'content:2']
    const batch = [makeRecord(one), makeRecord(two), makeRecord(one, { rank: 2 })]
    expect(await trial.write(...batch)).toEqual({ kind: 'accepted' })
    expect(await trial.write(...batch)).toEqual({ kind: 'accepted' })

    expect((await ranks()).map(({ key, rank }) => [key, rank])).toEqual([
      [one, 2],
      [two, 1],
    ])
  })

  test.each([
    ['in any order', ['b', 'B', 'a-1', 'a_1', 'a', '~', '0', 'content:2', 'content:10', 'content:1']],
    ['whose byte order differs from their UTF-16 order', ['\uffee', '\u{1f600}', 'z', 'é', 'a']],
  ])('has the highest rank of each key, with keys %s', async (_, keys) => {
    const trial = await openSink()
    const ranked = (rankAt: (at: number) => number) =>
      keys.map((key, at) => makeRecord(key, { rank: rankAt(at) }))
    await trial.write(...ranked((at) => 10 * at))
    await trial.write(...ranked((at) => 10 * at + (at % 2 === 0 ? 1 : -1)))
    await trial.write(...ranked((at) => 10 * at).slice(1), makeRecord('new', { rank: 7 }))

    const rows = await query(`select key, rank::int from ${schema}.record`)
    expect(new Map(rows.map(({ key, rank }) => [key, rank]))).toEqual(
      new Map<unknown, unknown>([
        ...keys.map((key, at) => [key, 10 * at + (at % 2 === 0 ? 1 : 0)] as const),
        ['new', 7],
      ]),
    )
    expect(rows).toHaveLength(keys.length + 1)
  })

  test('accepts a record from a month that was dropped while the sink was running', async () => {
    const trial = await openSink()
    await trial.write(makeRecord('a', { home: '2019-02-03' }))
    await query(`drop table ${schema}.record_2019_02`)
    const late = makeRecord('b', { home: '2019-02-03' })

    expect(await trial.write(late)).toMatchObject({ kind: 'retry' })
    await trial.open()
    expect(await trial.write(late)).toEqual({ kind: 'accepted' })
  })
})

describe('each record has one row', () => {
  test('when two processes write the same records with different homes at the same time', async () => {
    const sinks = await Promise.all([openSink({}, 'journal-1', 'one'), openSink({}, 'journal-2', 'two')])
    const batches = (home: string, rank: number) =>
      Array.from({ length: 10 }, (_, batch) =>
        Array.from({ length: 50 }, (_, number) => makeRecord(`${batch}-${number}`, { home, rank })),
      )
    const work = [batches('2026-11-24', 1), batches('2026-10-31', 2)]

    await Promise.all(
      sinks.map(async (trial, index) => {
        for (const records of work[index] ?? [])
          expect(await trial.write(...records)).toEqual({ kind: 'accepted' })
      }),
    )

    const rows = await ranks()
    expect(rows).toHaveLength(500)
    expect(new Set(rows.map(({ rank }) => rank))).toEqual(new Set([2]))
  })

  test('when the journal is lost and its successor assigns a different home', async () => {
    const before = await openSink({}, 'journal-1')
    await before.write(makeRecord('a', { home: '2026-11-24' }), makeRecord('b', { home: '2026-11-24' }))

    const after = await openSink({}, 'journal-2')
    await after.write(
      makeRecord('a', { home: '2026-10-02', rank: 2 }),
      makeRecord('b', { home: '2026-10-02', rank: 0 }),
    )

    expect(await ranks()).toEqual([
      { key: 'a', home: '2026-11-24', rank: 2 },
      { key: 'b', home: '2026-11-24', rank: 1 },
    ])
  })

  test("when the journal is restored from a copy that has no record of a key's home", async () => {
    const trial = await openSink()
    await trial.write(makeRecord('a', { home: '2026-11-24' }), makeRecord('b'))
    trial.rewind()

    await trial.write(makeRecord('c'))
    await trial.write(makeRecord('a', { home: '2026-10-02', rank: 2 }))

    expect(await query(`select home::text, rank::int from ${schema}.record where key = 'a'`)).toEqual([
      { home: '2026-11-24', rank: 2 },
    ])
  })

  test('when its journal delivers it again, which is no sign of a restored copy', async () => {
    const trial = await openSink()
    await trial.write(makeRecord('a'), makeRecord('b'))
    await trial.write(makeRecord('c'))
    trial.rewind()
    await trial.open()

    await trial.write(makeRecord('a'), makeRecord('b'))
    await trial.write(makeRecord('c'))

    expect(await query(`select key from ${schema}.record order by key`)).toEqual([
      { key: 'a' },
      { key: 'b' },
      { key: 'c' },
    ])
    expect(await query(`select journal_offset::int as at, rewound_at from ${schema}.position`)).toEqual([
      { at: 3, rewound_at: null },
    ])
  })
})

describe('unknown fields', () => {
  const extras = () => query(`select key, extra->>'New field' as field from ${schema}.record order by key`)

  test('of a long record that follows another long record are stored', async () => {
    const trial = await openSink()
    const field = 'x'.repeat(300_000)
    const records = [
      makeRecord('a', { json: { User: 'u'.repeat(270_000) } }),
      makeRecord('b', { json: { 'New field': field } }),
    ]

    expect(await trial.write(...records)).toEqual({ kind: 'accepted' })

    expect(await extras()).toEqual([
      { key: 'a', field: null },
      { key: 'b', field },
    ])
  })

  test('in batches of 5,000 records have the values of their own record', async () => {
    const trial = await openSink()
    const expected: unknown[] = []
    for (let batch = 0; batch < 4; batch += 1) {
      const records = Array.from({ length: 5_000 }, (_, at) => {
        const key = `${batch}-${`${at}`.padStart(4, '0')}`
        const field = `value of ${key}`.padEnd(150, '.')
        expected.push({ key, field })
        return makeRecord(key, { json: { 'New field': field } })
      })
      expect(await trial.write(...records)).toEqual({ kind: 'accepted' })
    }

    expect(await extras()).toEqual(expected)
  })
})

describe('the position', () => {
  test('is stored with the records, separately for each journal', async () => {
    const trial = await openSink({}, 'journal-1')
    await trial.write(makeRecord('a'))
    await (await openSink({}, 'journal-2', 'other')).write(makeRecord('b'))

    const position = { incarnation: 'journal-1', offset: 1, commit: 'commit-1' }
    expect(await trial.open()).toEqual(position)
    expect(await (await openSink({}, 'journal-1')).open()).toEqual(position)
  })
})

describe('a schema with manageSchema: false', () => {
  const user = 'sink_postgres_user'
  const manageSchema = false
  const restricted = () => ({ url: url.replace('postgres@', `${user}@`), schema, manageSchema })
  beforeAll(() => query(`drop role if exists ${user}; create role ${user} login`))
  afterAll(() => query(`drop owned by ${user}; drop role ${user}`))

  test('works as printed by `cdrstream schema postgres`, with only the listed grants', async () => {
    await query(schemaSql({ schema, rawText: false }))
    await query(
      `grant usage on schema ${schema} to ${user}; grant select, insert, update, delete on all tables in schema ${schema} to ${user}`,
    )

    const trial = await openSink(restricted())

    expect(await trial.write(makeRecord('a', { home: today() }))).toEqual({ kind: 'accepted' })
    expect(await trial.sink.check?.(call)).toContainEqual(
      expect.objectContaining({ level: 'ok', code: 'schema' }),
    )
    expect(await tryOpen(makeSink({ url: restricted().url, schema }))).toMatchObject({ kind: 'opened' })
  })

  test('causes an outcome that names a missing table, column, privilege or partition', async () => {
    const opened = () => tryOpen(makeSink(restricted()))
    await query(`create schema ${schema}; grant usage on schema ${schema} to ${user}`)
    expect(await opened()).toMatchObject({
      kind: 'failed',
      code: 'schema-missing',
      remedy: expect.stringContaining(`${schema}.record`),
    })

    await query(schemaSql({ schema, fromMonth: '2026-11', months: 1 }))
    expect(await opened()).toMatchObject({
      code: 'permission-denied',
      remedy: expect.stringContaining(`insert on ${schema}.record`),
    })

    await query(`grant select, insert, update, delete on all tables in schema ${schema} to ${user}`)
    await query(`alter table ${schema}.record drop column duration`)
    expect(await opened()).toMatchObject({
      code: 'schema-missing',
      remedy: expect.stringContaining(`${schema}.record.duration`),
    })

    await query(`alter table ${schema}.record add column duration integer`)
    const trial = await openSink(restricted())
    const outcome = await trial.write(makeRecord('a', { home: '2031-01-01' }))
    expect(outcome).toMatchObject({
      kind: 'failed',
      code: 'partition-missing',
      remedy: expect.stringContaining('record_2031_01'),
    })
  })
})

describe('without a URL', () => {
  test('the PG* variables select the server, as in psql', async () => {
    const { hostname, port, username } = new URL(url)
    const variables = { PGHOST: hostname, PGPORT: port, PGUSER: username, PGDATABASE: 'postgres' }
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })

    const trial = await openSink({ url: undefined })

    expect(await trial.write(makeRecord('a'))).toEqual({ kind: 'accepted' })
  })
})

describe('through PgBouncer in transaction mode', () => {
  test('several sinks write at once', async () => {
    await using bouncer = await startPgBouncer({ postgresUrl: url })
    const sinks = await Promise.all(
      [1, 2, 3].map((number) => openSink({ url: bouncer.url }, 'journal', `sink-${number}`)),
    )

    await Promise.all(
      sinks.map(async (trial, index) => {
        for (let batch = 0; batch < 5; batch += 1) {
          expect(
            await trial.write(makeRecord(`${batch}`, { rank: index }), makeRecord(`own-${index}-${batch}`)),
          ).toEqual({ kind: 'accepted' })
        }
      }),
    )

    const rows = await ranks()
    expect(rows).toHaveLength(20)
    expect(rows.filter(({ key }) => /^\d$/.test(String(key))).every(({ rank }) => rank === 2)).toBe(true)
  })
})

function today(): string {
  return new Date().toISOString().slice(0, 10)
}
