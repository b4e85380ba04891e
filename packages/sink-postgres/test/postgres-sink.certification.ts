import { catalogue } from '@cdrstream/catalogue'
import type { StoredMark } from '@cdrstream/plugin'
import {
  type BreakableProxy,
  type ShownRecord,
  type SinkCertification,
  startBreakableProxy,
} from '@cdrstream/testkit'
import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { textMember } from '../src/rows/extra-json.ts'
import { queryAt, type Row } from './support/trial-sink.ts'

interface Given {
  readonly url: string
  readonly schema: string
}

const password = 'a-password-of-the-test'

/** Each place has its own schema and user, behind a proxy. */
export default {
  options: async (place) => {
    await query(
      `create role ${place} login password '${password}'; grant create on database postgres to ${place}`,
    )
    const proxy = await proxyOfServer()
    return { url: `postgres://${place}:${password}@127.0.0.1:${proxy.port}/postgres`, schema: place }
  },
  traits: { idempotence: 'position', revisions: 'latest' },
  module: new URL('../src/index.ts', import.meta.url),
  readBack: ({ schema }) => shown(schema),
  readMarks: ({ schema }) => storedMarks(schema),
  breakIt: {
    down: async () => (await proxyOfServer()).set('down'),
    hang: async () => (await proxyOfServer()).set('silent'),
    denied: ({ schema }) => query(`alter role ${schema} nologin; ${endSessions(schema)}`),
  },
  healIt: async ({ schema }) => {
    const proxy = await proxyOfServer()
    proxy.set('up')
    await query(`alter role ${schema} login`)
  },
  secrets: () => [password],
  cleanUp: async ({ schema }) => {
    const proxy = await proxyOfServer()
    proxy.set('up')
    await query(
      `${endSessions(schema)}; drop schema if exists ${schema} cascade; drop owned by ${schema}; drop role ${schema}`,
    )
  },
} satisfies SinkCertification<Given>

let proxy: Promise<BreakableProxy> | undefined

async function proxyOfServer(): Promise<BreakableProxy> {
  const { port } = new URL(await sharedPostgresUrl())
  proxy ??= startBreakableProxy({ port: Number(port) })
  return proxy
}

function endSessions(user: string): string {
  return `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${user}'`
}

async function shown(schema: string): Promise<readonly ShownRecord[]> {
  const found = await query(`select to_regclass('${schema}.record') is not null as exists`)
  if (found[0]?.exists !== true) return []
  const rows = await query(`select *, home::text as home from ${schema}.record`)
  return rows.map((row) => ({
    org: String(row.org),
    key: String(row.key),
    rank: Number(row.rank),
    home: String(row.home),
    fields: Object.fromEntries(catalogue.map(({ column }) => [column, row[column]])),
    extra: readExtra(row.extra ?? {}),
  }))
}

/** Reads the marks as a reader of the table would, without the sink's code. */
async function storedMarks(schema: string): Promise<ReadonlyMap<string, StoredMark>> {
  const rows = await query(
    `select org, extract(epoch from complete_through) * 1000 as complete,
      (select coalesce(jsonb_agg(jsonb_build_object(
        'fromMs', (extract(epoch from (gap ->> 'from')::timestamptz) * 1000)::bigint,
        'toMs', (extract(epoch from (gap ->> 'to')::timestamptz) * 1000)::bigint,
        'reason', gap ->> 'reason') order by at), '[]') from jsonb_array_elements(gaps) with ordinality as each (gap, at)) as gaps
    from ${schema}.coverage`,
  )
  return new Map(
    rows.map(({ org, complete, gaps }) => [
      String(org),
      { completeThroughMs: Number(complete), gaps: gaps as StoredMark['gaps'] },
    ]),
  )
}

function readExtra(extra: object): ReadonlyMap<string, unknown> {
  const entries = Object.entries(extra).flatMap(([name, value]) =>
    name === textMember ? Object.entries(JSON.parse(String(value))) : [[name, value] as const],
  )
  return new Map(entries)
}

async function query(text: string): Promise<readonly Row[]> {
  return queryAt(await sharedPostgresUrl(), text)
}
