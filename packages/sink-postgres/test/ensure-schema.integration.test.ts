import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Connection } from '../src/connection/connection.ts'
import { tableColumns } from '../src/rows/table-columns.ts'
import { type EnsureSchemaOptions, ensureSchema } from '../src/schema/ensure-schema.ts'
import { newestVersion, type Upgrade, upgrades } from '../src/schema/upgrades.ts'
import { makeRecord } from './support/records.ts'
import { call, queryAt, TrialSink } from './support/trial-sink.ts'

const schema = 'ensure_schema'
const options: EnsureSchemaOptions = {
  schema,
  rawText: false,
  keepRevisions: true,
  manageSchema: true,
  columns: tableColumns({ rawText: false }),
}
let url = ''
beforeAll(async () => {
  url = await sharedPostgresUrl()
})
beforeEach(() => queryAt(url, `drop schema if exists ${schema} cascade`))
afterAll(() => queryAt(url, `drop schema if exists ${schema} cascade`))

async function ensure(more: Partial<EnsureSchemaOptions> = {}): Promise<void> {
  const connection = await Connection.connect({ connectionString: url }, call.signal)
  try {
    await ensureSchema(connection, { ...options, ...more })
  } finally {
    connection.destroy()
  }
}

async function writeRecord(key = 'a', home = '2026-11-24'): Promise<void> {
  const trial = new TrialSink({ url, schema, keepRevisions: true })
  await trial.open()
  expect(await trial.write(makeRecord(key, { home }))).toEqual({ kind: 'accepted' })
  await trial.close()
}

describe('the schema', () => {
  test('is created once by several processes that start at the same time', async () => {
    await Promise.all(Array.from({ length: 5 }, () => ensure()))

    expect(await queryAt(url, `select version from ${schema}.migration`)).toEqual([
      { version: newestVersion() },
    ])
  })

  test('of version 1 gets an index on key for new months, and keeps its data', async () => {
    await writeRecord('old', '2026-11-24')
    await queryAt(url, `drop index ${schema}.record_key; update ${schema}.migration set version = 1`)

    await ensure()
    await writeRecord('new', '2031-01-01')
    await writeRecord('old', '2026-11-24')

    const indexes = await queryAt(
      url,
      `select indrelid::regclass::text as table from pg_index
      join pg_class c on c.oid = indexrelid join pg_am m on m.oid = relam
      join pg_attribute a on attrelid = indrelid and attnum = indkey[0]
      where c.relnamespace = '${schema}'::regnamespace and relkind = 'i' and amname = 'hash' and attname = 'key'`,
    )
    expect(indexes).toEqual([{ table: `${schema}.record_2031_01` }])
    expect(await queryAt(url, `select key from ${schema}.record order by key`)).toEqual([
      { key: 'new' },
      { key: 'old' },
    ])
    expect(await queryAt(url, `select max(version) from ${schema}.migration`)).toEqual([{ max: 2 }])
  })

  test('of an earlier version is upgraded in order, and keeps its data', async () => {
    await writeRecord()
    const now = newestVersion()
    const all: readonly Upgrade[] = [
      ...upgrades,
      (to) => [`alter table ${to.schema}.record add column note text default 'first'`],
      (to) => [`update ${to.schema}.record set note = note || ', second'`],
    ]

    await ensure({ upgrades: all })
    await ensure({ upgrades: all })

    expect(await queryAt(url, `select version from ${schema}.migration order by version`)).toEqual([
      { version: now },
      { version: now + 2 },
    ])
    expect(await queryAt(url, `select key, note from ${schema}.record`)).toEqual([
      { key: 'a', note: 'first, second' },
    ])
  })

  test('gets a column for a new catalogue field in both tables, and keeps its data', async () => {
    await writeRecord()
    const columns = [
      ...options.columns,
      { name: 'new_field', type: 'text', notNull: false, comment: 'New field' },
    ] as const

    await ensure({ columns })

    expect(
      await queryAt(
        url,
        `select r.key, r.new_field, v.new_field as revised from ${schema}.record r join ${schema}.revision v using (key)`,
      ),
    ).toEqual([{ key: 'a', new_field: null, revised: null }])
  })

  test('with a column of the wrong type fails with `schema-differs`, except for a varchar', async () => {
    await ensure()
    await queryAt(url, `alter table ${schema}.record alter column "user" type varchar(50)`)
    await ensure()
    await queryAt(url, `alter table ${schema}.record alter column duration type bigint`)

    await expect(ensure()).rejects.toMatchObject({
      code: 'schema-differs',
      remedy: expect.stringContaining(`${schema}.record.duration is bigint, not integer`),
    })
  })

  test('of a newer version fails with `schema-newer`', async () => {
    await ensure({ upgrades: [...upgrades, () => ['select 1']] })

    await expect(ensure()).rejects.toMatchObject({ code: 'schema-newer' })
  })
})
