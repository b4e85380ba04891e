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

/** What is compared differs by little, and the machine's moods by more. */
const rounds = 40
const warmUp = 10
/** How many records lie in the table before "records there" is measured. */
const crowd = Number(process.env.CDRSTREAM_BENCH_CROWD ?? 5_000_000)

/** The Postgres sink, one connection, against a durable server: look-up, building the rows and COPY. */
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
      await crowded(pages, url, client),
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
  // To whom all that the first has written comes as known, batch after batch, as to a second collector.
  const late = await openSink(postgresSink, { url, schema: 'bench' }, 'late')
  await client.query(schemaSql({ schema: 'twin', fromMonth: '2026-09', months: 1 }))
  // The rows of the same records as text, as `psql \copy` would send them.
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
  // As autovacuum does about a minute after the first rows of a partition.
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
      what: '`psql \\copy` (text) of the same rows into an equal table ÷ Postgres sink, new records',
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

/** What the index that finds known records costs new ones. */
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

/** New records into a table of many months that is full, against one that is empty. */
async function crowded(pages: readonly Page[], url: string, client: Client): Promise<Ratio> {
  const empty = await openSink(postgresSink, { url, schema: 'empty' }, 'empty')
  const full = await openSink(postgresSink, { url, schema: 'crowded' }, 'crowded')
  const batches = new FreshBatches(pages)
  await full.write(batches.next())
  await fill(client)
  const result = await writeBoth(batches, empty, full)
  await empty.close()
  await full.close()
  return {
    what: `Postgres sink, ${crowd.toLocaleString('en-US')} records there ÷ none there`,
    goal: { kind: 'share-of-time', floor: 1.2, aim: 1.1 },
    ...result,
  }
}

/**
 * Writes the same new records with both. `batches` are those of the second; the first has a journal of its
 * own.
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

const monthsOfCrowd = 12

/** Multiplies the rows that are there, over the days of a year, each with keys of its own. */
async function fill(client: Client): Promise<void> {
  const { rows } = await client.query<{ column: string; records: number }>(
    `select string_agg(quote_ident(attname), ',' order by attnum) as column, (select count(*)::int from crowded.record) as records
    from pg_attribute where attrelid = 'crowded.record'::regclass and attnum > 0
      and attname not in ('key', 'home', 'correlation_id', 'start_time')`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('no table to fill')
  await client.query('create temp table seed as select * from crowded.record')
  for (let month = 0; month < monthsOfCrowd; month += 1) {
    const first = `date_trunc('month', (select max(home) from seed)) - interval '${month} months'`
    const { rows: bounds } = await client.query<{ name: string; start: string; end: string }>(
      `select to_char(${first}, 'YYYY_MM') as name, (${first})::date::text as start, ((${first}) + interval '1 month')::date::text as end`,
    )
    const [bound] = bounds
    await client.query(
      `create table if not exists crowded.record_${bound?.name} partition of crowded.record for values from ('${bound?.start}') to ('${bound?.end}')`,
    )
    const copies = Math.ceil(crowd / monthsOfCrowd / row.records)
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

/** In the order of the calls, as they come, and not in which the sink writes them. */
async function textOfRows(client: Client, schema: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  const rows = `select * from ${schema}.record order by report_time`
  for await (const chunk of client.query(copyTo(`copy (${rows}) to stdout`))) chunks.push(chunk)
  return Buffer.concat(chunks)
}
