import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Batch } from '@cdrstream/plugin'
import { postgresSink, schemaSql } from '@cdrstream/sink-postgres'
import { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { FreshBatches } from './fresh-batches.ts'
import { measure, type Ratio } from './measure.ts'
import { type OpenSink, openSink } from './open-sink.ts'
import type { Page } from './page.ts'
import { Psql } from './psql.ts'

/** Machine noise is larger than the differences; a large number of rounds averages it out. */
const rounds = 40
const warmUp = 10
/** How many records the full table contains. */
const fullTableRecords = Number(process.env.CDRSTREAM_BENCH_CROWD ?? 5_000_000)

/**
 * Benchmarks the Postgres sink on one connection and a durable server: lookup, building the rows and COPY.
 */
export async function benchPostgres(
  pages: readonly Page[],
  url: string,
  directory: string,
): Promise<readonly Ratio[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return [
      ...(await newAndKnown(pages, url, client, directory)),
      await keyIndexed(pages, url, client),
      await fullTable(pages, url, client),
    ]
  } finally {
    await client.end()
  }
}

async function newAndKnown(
  pages: readonly Page[],
  url: string,
  client: Client,
  directory: string,
): Promise<readonly Ratio[]> {
  const sink = await openSink(postgresSink, { url, schema: 'bench' }, 'bench')
  // Gets every batch after the first sink has written it, like a second collector, so all records are known.
  const late = await openSink(postgresSink, { url, schema: 'bench' }, 'late')
  await client.query(schemaSql({ schema: 'twin', fromMonth: '2026-09', months: 1 }))
  // Converts the same records to rows in text format, as `psql \copy` sends them.
  const seeds = await openSink(postgresSink, { url, schema: 'seeds' }, 'seeds')
  const batches = new FreshBatches(pages)
  const known = new FreshBatches(pages)
  const psql = await Psql.start(url)
  const file = join(directory, 'rows.txt')
  let batch: Batch = batches.next()
  const next = async (): Promise<void> => {
    batch = batches.next()
    await seeds.write(known.again(batch))
    await writeFile(file, await textOfRows(client, 'seeds'))
    await client.query('truncate seeds.record')
  }
  const against = await measure(rounds, {
    warmUp,
    before: next,
    baseline: () => psql.copy('twin.record', file),
    measured: () => sink.write(batch),
  })
  // Autovacuum does this about a minute after the first rows of a partition.
  await client.query('analyze bench.record')
  const repeated = await measure(rounds, {
    warmUp,
    before: () => {
      batch = batches.next()
    },
    baseline: () => sink.write(batch),
    measured: () => late.write(batches.again(batch)),
  })
  psql.end()
  await late.close()
  await seeds.close()
  await sink.close()
  return [
    {
      what: '`psql \\copy` (text) of the same rows into an identical table ÷ Postgres sink, new records',
      goal: { kind: 'times-faster', floor: 1, aim: 1.2 },
      ...against,
    },
    {
      what: 'Postgres sink, known records ÷ new records',
      goal: { kind: 'share-of-time', floor: 0.2, aim: 0.1 },
      ...repeated,
    },
  ]
}

/** Measures how much the index used to find known records slows down new records. */
async function keyIndexed(pages: readonly Page[], url: string, client: Client): Promise<Ratio> {
  const indexed = await openSink(postgresSink, { url, schema: 'indexed' }, 'indexed')
  const without = await openSink(postgresSink, { url, schema: 'without' }, 'without')
  await client.query('drop index without.record_key')
  const result = await writeBoth(new FreshBatches(pages), without, indexed)
  await without.close()
  await indexed.close()
  return {
    what: 'Postgres sink, new records with the index of `key` ÷ without it',
    goal: { kind: 'reported' },
    ...result,
  }
}

/** Compares writing new records into a full table with many months and into an empty table. */
async function fullTable(pages: readonly Page[], url: string, client: Client): Promise<Ratio> {
  const empty = await openSink(postgresSink, { url, schema: 'empty' }, 'empty')
  const full = await openSink(postgresSink, { url, schema: 'crowded' }, 'crowded')
  const batches = new FreshBatches(pages)
  await full.write(batches.next())
  await fill(client)
  const result = await writeBoth(batches, empty, full)
  await empty.close()
  await full.close()
  return {
    what: `Postgres sink, table with ${fullTableRecords.toLocaleString('en-US')} records ÷ empty table`,
    goal: { kind: 'share-of-time', floor: 1.2, aim: 1.1 },
    ...result,
  }
}

/**
 * Writes the same new records with both sinks. `batches` contains the second sink's positions. The first
 * sink's are counted separately.
 */
function writeBoth(batches: FreshBatches, baseline: OpenSink, measured: OpenSink) {
  const same = new FreshBatches([])
  let batch: Batch
  return measure(rounds, {
    warmUp,
    before: () => {
      batch = batches.next()
    },
    baseline: () => baseline.write(same.again(batch)),
    measured: () => measured.write(batch),
  })
}

const monthsOfFullTable = 12

/** Fills the table by copying its rows over the days of a year, each with new keys. */
async function fill(client: Client): Promise<void> {
  const { rows } = await client.query<{ column: string; records: number }>(
    `select string_agg(quote_ident(attname), ',' order by attnum) as column, (select count(*)::int from crowded.record) as records
    from pg_attribute where attrelid = 'crowded.record'::regclass and attnum > 0
      and attname not in ('key', 'home', 'correlation_id', 'start_time')`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('there is no table to fill')
  await client.query('create temp table seed as select * from crowded.record')
  for (let month = 0; month < monthsOfFullTable; month += 1) {
    const first = `date_trunc('month', (select max(home) from seed)) - interval '${month} months'`
    const { rows: bounds } = await client.query<{ name: string; start: string; end: string }>(
      `select to_char(${first}, 'YYYY_MM') as name, (${first})::date::text as start, ((${first}) + interval '1 month')::date::text as end`,
    )
    const [bound] = bounds
    await client.query(
      `create table if not exists crowded.record_${bound?.name} partition of crowded.record for values from ('${bound?.start}') to ('${bound?.end}')`,
    )
    const copies = Math.ceil(fullTableRecords / monthsOfFullTable / row.records)
    await client.query(
      `insert into crowded.record (key, home, correlation_id, start_time, ${row.column})
      select gen_random_uuid()::text, '${bound?.start}'::date + n % 28, gen_random_uuid()::text,
        '${bound?.start}'::timestamptz + n % 28 * interval '1 day' + random() * interval '1 day', ${row.column}
      from generate_series(1, ${copies}) as n, seed`,
    )
  }
  await client.query('drop table seed')
  await client.query('vacuum analyze crowded.record')
  await client.query('checkpoint')
}

/**
 * Returns the rows in call order, in which records arrive, and not in the order in which the sink writes
 * them.
 */
async function textOfRows(client: Client, schema: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  const rows = `select * from ${schema}.record order by report_time`
  for await (const chunk of client.query(copyTo(`copy (${rows}) to stdout`))) chunks.push(chunk)
  return Buffer.concat(chunks)
}
