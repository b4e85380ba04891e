import { isDeepStrictEqual } from 'node:util'
import { postgresSink } from '@cdrstream/sink-postgres'
import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { poorerSql } from '../src/pages/leave-out-condition.ts'
import { readSqlRecipes } from '../src/pages/sql-recipes.ts'
import { sampleMark, sampleRecords } from '../src/sample/sample-records.ts'
import {
  type Counts,
  callsAnsweredElsewhere,
  callsOfLocations,
  callsOfTrunks,
  fieldsOfSpan,
  longestSeconds,
  missedCalls,
  peaks,
  queueCalls,
  secondsAbroad,
} from '../src/simulated/counts.ts'
import {
  afterwardsMs,
  meanwhileMs,
  simulatedMark,
  simulatedRecords,
} from '../src/simulated/simulated-records.ts'
import { writeRecords } from '../src/write-records.ts'

/** The pages say `cdr`; here the tables stand in schemas of the test's own. */
const sampleSchema = 'cdr_recipes_sample'
const simulatedSchema = 'cdr_recipes_simulated'
/** As it is while the records are still coming. */
const meanwhileSchema = 'cdr_recipes_meanwhile'

/**
 * The first test that asks for a server waits until it has started; on a new machine it is downloaded first.
 */
const longestStartMs = 300_000

const simulated = simulatedRecords(afterwardsMs)
const meanwhile = simulatedRecords(meanwhileMs)
const fields = fieldsOfSpan(simulated)
let client: Client

beforeAll(async () => {
  const url = await sharedPostgresUrl()
  // Every value as the server's text, which is what psql shows.
  client = new Client({ connectionString: url, types: { getTypeParser: () => (text: unknown) => text } })
  await client.connect()
  await dropSchemas()
  await writeRecords(postgresSink, { url, schema: sampleSchema }, sampleRecords(), sampleMark)
  await writeRecords(postgresSink, { url, schema: simulatedSchema }, simulated, simulatedMark(afterwardsMs))
  await writeRecords(postgresSink, { url, schema: meanwhileSchema }, meanwhile, simulatedMark(meanwhileMs))
}, longestStartMs)

afterAll(async () => {
  await dropSchemas()
  await client.end()
})

describe('the sample', () => {
  it.each([...readSqlRecipes('README.md'), ...readSqlRecipes('postgres.md')])(
    '$title',
    async ({ query, answer }) => {
      expect(await ask(query, sampleSchema)).toEqual(answer)
    },
  )

  it('has a call for each condition of the queries: without it, the answer is another', async () => {
    const needless: string[] = []
    for (const { title, query, answer } of readSqlRecipes('postgres.md')) {
      for (const poorer of poorerSql(query)) {
        const same = isDeepStrictEqual(await ask(poorer.query, sampleSchema), answer)
        if (same) needless.push(`${title} ${poorer.without}`)
      }
    }
    // There only so that not the whole table is read.
    expect(needless).toEqual(['6. How many calls run at the same time? and start_time < ends'])
  })
})

describe('thousands of simulated records', () => {
  const question = (number: number, schema = simulatedSchema): Promise<Table> => {
    const recipe = readSqlRecipes('postgres.md')[number - 1]
    if (recipe === undefined) throw new RangeError(`no question ${number}`)
    return ask(recipe.query, schema)
  }
  /** A row for each member, its name made of some columns. */
  const countsOf = async (
    number: number,
    names: readonly string[],
    value: string,
    schema?: string,
  ): Promise<Counts> => {
    const [columns = [], ...rows] = await question(number, schema)
    const cell = (row: readonly string[], name: string) => row[columns.indexOf(name)]
    return new Map(
      rows.map((row) => [names.map((name) => cell(row, name)).join(' '), Number(cell(row, value))]),
    )
  }
  /** The queries show numbers and names of people and queues where the counts have UUIDs. */
  const shown = (counts: Counts, column: 'user' | 'user_number'): Counts => {
    const names = new Map(fields.map((it) => [it.user_uuid, it[column]]))
    return new Map(Array.from(counts, ([uuid, count]) => [String(names.get(uuid)), count]))
  }

  it('are enough to mean something', () => {
    expect(fields.length).toBeGreaterThan(3_000)
  })

  it('have as many calls of each location and day', async () => {
    expect(await countsOf(1, ['day', 'location'], 'calls')).toEqual(callsOfLocations(fields))
  })

  it('have as many missed calls of each person', async () => {
    expect(await countsOf(2, ['number'], 'missed')).toEqual(shown(missedCalls(fields), 'user_number'))
  })

  it('have as many minutes abroad', async () => {
    const minutes = Array.from(
      secondsAbroad(fields),
      ([name, seconds]) => [name, round(seconds / 60)] as const,
    )
    expect(await countsOf(3, ['location', 'country'], 'minutes')).toEqual(new Map(minutes))
  })

  it('have the same longest calls', async () => {
    const [columns = [], ...rows] = await question(4)
    const minutes = rows.map((row) => Number(row[columns.indexOf('minutes')]))
    expect(minutes).toEqual(longestSeconds(fields, 5).map((seconds) => round(seconds / 60)))
  })

  it('have the same peak on each day', async () => {
    expect(await countsOf(6, ['day'], 'peak')).toEqual(peaks(simulated.map((record) => record.fields)))
  })

  it('have as many calls of each trunk', async () => {
    expect(await countsOf(7, ['trunk', 'way'], 'calls')).toEqual(callsOfTrunks(fields))
  })

  it('have as many calls in each queue, and as many that were given up', async () => {
    const { entered, abandoned } = queueCalls(fields, afterwardsMs)
    expect(await countsOf(8, ['queue'], 'calls')).toEqual(shown(entered, 'user'))
    expect(await countsOf(8, ['queue'], 'abandoned')).toEqual(shown(abandoned, 'user'))
    expect(Math.min(...abandoned.values())).toBeGreaterThan(0)
  })

  it('have no more calls that were given up while records are still coming', async () => {
    const sumOf = (counts: Counts) => [...counts.values()].reduce((sum, count) => sum + count, 0)
    const seemAbandoned = queueCalls(fieldsOfSpan(meanwhile), meanwhileMs).abandoned
    expect(sumOf(seemAbandoned)).toBeGreaterThan(sumOf(queueCalls(fields, meanwhileMs).abandoned))
    // From all records, also those that come later.
    const { entered, abandoned } = queueCalls(fields, meanwhileMs - 3_600_000)
    expect(await countsOf(8, ['queue'], 'calls', meanwhileSchema)).toEqual(shown(entered, 'user'))
    expect(await countsOf(8, ['queue'], 'abandoned', meanwhileSchema)).toEqual(shown(abandoned, 'user'))
  })

  it('have as many calls that a colleague answered', async () => {
    const [columns = [], ...rows] = await question(9)
    const calls = rows.reduce((sum, row) => sum + Number(row[columns.indexOf('calls')]), 0)
    const counted = [...callsAnsweredElsewhere(fields).values()].reduce((sum, count) => sum + count, 0)
    expect(calls).toBe(counted)
    expect(calls).toBeGreaterThan(0)
  })

  it('have no history of a person of the sample, and no unknown field', async () => {
    expect(await question(5)).toHaveLength(1)
    expect(await question(10)).toHaveLength(1)
  })
})

type Table = readonly (readonly string[])[]

async function ask(query: string, schema: string): Promise<Table> {
  const { fields: columns, rows } = await client.query<(string | null)[]>({
    text: query.replaceAll(/\bcdr\.(record|coverage)\b/g, `${schema}.$1`),
    rowMode: 'array',
  })
  return [columns.map(({ name }) => name), ...rows.map((row) => row.map((value) => value ?? ''))]
}

async function dropSchemas(): Promise<void> {
  await client.query(`drop schema if exists ${sampleSchema}, ${simulatedSchema}, ${meanwhileSchema} cascade`)
}

function round(minutes: number): number {
  return Math.round(minutes * 10) / 10
}
