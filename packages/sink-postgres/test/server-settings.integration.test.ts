import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkServer } from '../src/check-server.ts'
import { Connection } from '../src/connection/connection.ts'
import { postgresSinkOptions } from '../src/postgres-sink-options.ts'
import { lockStatement } from '../src/schema/lock.ts'
import { makeRecord } from './support/records.ts'
import { useTestSchema } from './support/test-schema.ts'
import { call, makeSink, tryOpen } from './support/trial-sink.ts'

const schema = useTestSchema('sink_postgres_settings')
const role = 'sink_postgres_settings_role'

/** Creates a role with these settings, and returns its URL. */
async function urlOfRole(
  settings: Readonly<Record<string, string>>,
  rights = `grant create on database postgres to ${role}`,
): Promise<string> {
  const drop = `drop role if exists ${role}`
  await schema.query(`${drop}; create role ${role} login; ${rights}`)
  onTestFinished(async () => {
    await schema.query(`drop owned by ${role} cascade; ${drop}`)
  })
  for (const [name, value] of Object.entries(settings)) {
    await schema.query(`alter role ${role} set ${name} = '${value}'`)
  }
  const url = new URL(schema.url())
  url.username = role
  return url.href
}

describe('a role', () => {
  test('can write a batch that exceeds its statement_timeout', async () => {
    const url = await urlOfRole({ statement_timeout: '100ms' })
    const trial = await schema.openSink({ url })
    const other = new Client({ connectionString: schema.url() })
    await other.connect()
    onTestFinished(() => other.end())
    await other.query(`begin; ${lockStatement(schema.name)}`)

    const writing = trial.write(makeRecord('a'))
    const isLate = `select from pg_stat_activity where usename = '${role}' and wait_event_type = 'Lock'
      and clock_timestamp() - query_start > interval '200ms'`
    await expect.poll(() => schema.query(isLate)).toHaveLength(1)
    await other.query('commit')

    expect(await writing).toEqual({ kind: 'accepted' })
  })

  test('with unusual settings writes the same rows', async () => {
    const url = await urlOfRole({
      search_path: 'nowhere',
      datestyle: 'German, DMY',
      timezone: 'Asia/Kolkata',
      client_encoding: 'LATIN1',
      default_transaction_isolation: 'serializable',
      default_transaction_deferrable: 'on',
      standard_conforming_strings: 'off',
      bytea_output: 'escape',
    })
    const trial = await schema.openSink({ url })
    const json = { User: 'Zoë 山田', 'New field': 'ü\\n' }

    expect(await trial.write(makeRecord('a', { json }), makeRecord('b'))).toEqual({ kind: 'accepted' })
    expect(await trial.write(makeRecord('a', { json, rank: 2 }))).toEqual({ kind: 'accepted' })

    expect(
      await schema.query(
        `select key, rank::int, "user", extra, start_time from ${schema.name}.record where key = 'a'`,
      ),
    ).toEqual([
      {
        key: 'a',
        rank: 2,
        user: 'Zoë 山田',
        extra: { 'New field': 'ü\\n' },
        start_time: new Date('2026-11-24T11:58:00.000Z'),
      },
    ])
  })

  test('that owns the schema needs no privilege on the database', async () => {
    const url = await urlOfRole({}, `create schema ${schema.name} authorization ${role}`)
    const trial = await schema.openSink({ url })

    expect(await trial.write(makeRecord('a'))).toEqual({ kind: 'accepted' })
  })

  test.each([
    ['no privileges', ''],
    ['no privilege to create tables in the schema', `create schema ${schema.name}`],
  ])('with %s → both the check and the sink report the missing privilege', async (_, rights) => {
    const url = await urlOfRole({}, rights)
    const sink = makeSink({ url, schema: schema.name })

    expect(await tryOpen(sink)).toMatchObject({ kind: 'failed', code: 'permission-denied' })
    expect(await sink.check?.(call)).toContainEqual(
      expect.objectContaining({ level: 'error', code: 'permission-denied' }),
    )
  })
})

describe('the check', () => {
  test.each([
    [{ isLocal: true, sslmode: 'disable', verified: 'nothing' }, 0],
    [{ isLocal: false, sslmode: 'verify-full', verified: 'host' }, 0],
    [{ isLocal: false, sslmode: 'verify-ca', verified: 'authority' }, 1],
    [{ isLocal: false, sslmode: 'require', verified: 'nothing' }, 1],
    [{ isLocal: false, sslmode: 'disable', verified: 'nothing' }, 1],
  ] as const)('of a connection with %j returns %d warnings about TLS', async (tls, warnings) => {
    const connection = await Connection.connect({ connectionString: schema.url() }, call.signal)
    onTestFinished(() => connection.destroy())
    const server = { host: 'db.example.com', client: {}, ...tls }

    const findings = await checkServer(connection, server, postgresSinkOptions.parse({ schema: schema.name }))

    expect(findings.filter(({ code }) => code === 'tls-not-verified')).toHaveLength(warnings)
  })
})
