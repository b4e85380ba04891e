import { isDeepStrictEqual } from 'node:util'
import { postgresSink } from '@cdrstream/sink-postgres'
import { sharedPostgresUrl } from '@cdrstream-internal/services'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reducedSql } from '../src/pages/leave-out-condition.ts'
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

/** The pages use `cdr`. The tests use separate schemas. */
const sampleSchema = 'cdr_recipes_sample'
const simulatedSchema = 'cdr_recipes_simulated'
/** The state while records are still arriving. */
const meanwhileSchema = 'cdr_recipes_meanwhile'

/**
 * The first test that needs the server waits until it has started. On a new machine, it is downloaded first.
 */
const startTimeoutMs = 300_000

const simulated = simulatedRecords(afterwardsMs)
const meanwhile = simulatedRecords(meanwhileMs)
const fields = fieldsOfSpan(simulated)
let client: Client

beforeAll(async () => {
  const url = await sharedPostgresUrl()
  // Returns every value as the server's text, which is what psql shows.
  client = new Client({ connectionString: url, types: { getTypeParser: () => (text: unknown) => text } })
  await client.connect()
  await dropSchemas()
  await writeRecords(postgresSink, { url, schema: sampleSchema }, sampleRecords(), sampleMark)
  await writeRecords(postgresSink, { url, schema: simulatedSchema }, simulated, simulatedMark(afterwardsMs))
  await writeRecords(postgresSink, { url, schema: meanwhileSchema }, meanwhile, simulatedMark(meanwhileMs))
}, startTimeoutMs)

afterAll(async () => {
  await dropSchemas()
  await client.end()
})

describe('the sample calls', () => {
  it.each([...readSqlRecipes('README.md'), ...readSqlRecipes('postgres.md')])(
    '$title',
    async ({ query, answer }) => {
      expect(await ask(query, sampleSchema)).toEqual(answer)
    },
  )

  it('show that each condition in the queries matters, because the answer differs without it', async () => {
    const redundant: string[] = []
    for (const { title, query, answer } of readSqlRecipes('postgres.md')) {
      for (const reduced of reducedSql(query)) {
        const same = isDeepStrictEqual(await ask(reduced.query, sampleSchema), answer)
        if (same) redundant.push(`${title} ${reduced.without}`)
      }
    }
    // This condition only limits how much of the table is read.
    expect(redundant).toEqual(['6. How many calls run at the same time? and start_time < ends'])
  })
})

describe('the queries over thousands of simulated records', () => {
  const question = (number: number, schema = simulatedSchema): Promise<Table> => {
    const recipe = readSqlRecipes('postgres.md')[number - 1]
    if (recipe === undefined) throw new RangeError(`no question ${number}`)
    return ask(recipe.query, schema)
  }
  /** Returns a value from each row, by a name made from some of its columns. */
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
  /** Replaces UUIDs with the numbers or names that the queries show for people and queues. */
  const shown = (counts: Counts, column: 'user' | 'user_number'): Counts => {
    const names = new Map(fields.map((it) => [it.user_uuid, it[column]]))
    return new Map(Array.from(counts, ([uuid, count]) => [String(names.get(uuid)), count]))
  }

  it('have enough records to be meaningful', () => {
    expect(fields.length).toBeGreaterThan(3_000)
  })

  it('return the number of calls per location and day', async () => {
    expect(await countsOf(1, ['day', 'location'], 'calls')).toEqual(callsOfLocations(fields))
  })

  it('return the number of missed calls per person', async () => {
    expect(await countsOf(2, ['number'], 'missed')).toEqual(shown(missedCalls(fields), 'user_number'))
  })

  it('return the minutes of calls abroad', async () => {
    const minutes = Array.from(
      secondsAbroad(fields),
      ([name, seconds]) => [name, round(seconds / 60)] as const,
    )
    expect(await countsOf(3, ['location', 'country'], 'minutes')).toEqual(new Map(minutes))
  })

  it('return the longest calls', async () => {
    const [columns = [], ...rows] = await question(4)
    const minutes = rows.map((row) => Number(row[columns.indexOf('minutes')]))
    expect(minutes).toEqual(longestSeconds(fields, 5).map((seconds) => round(seconds / 60)))
  })

  it("return each day's peak", async () => {
    expect(await countsOf(6, ['day'], 'peak')).toEqual(peaks(simulated.map((record) => record.fields)))
  })

  it('return the number of calls per trunk', async () => {
    expect(await countsOf(7, ['trunk', 'way'], 'calls')).toEqual(callsOfTrunks(fields))
  })

  it('return the number of calls per queue, and of those that were abandoned', async () => {
    const { entered, abandoned } = queueCalls(fields, afterwardsMs)
    expect(await countsOf(8, ['queue'], 'calls')).toEqual(shown(entered, 'user'))
    expect(await countsOf(8, ['queue'], 'abandoned')).toEqual(shown(abandoned, 'user'))
    expect(Math.min(...abandoned.values())).toBeGreaterThan(0)
  })

  it('do not return a call as abandoned while its records are still arriving', async () => {
    const sumOf = (counts: Counts) => [...counts.values()].reduce((sum, count) => sum + count, 0)
    const seemAbandoned = queueCalls(fieldsOfSpan(meanwhile), meanwhileMs).abandoned
    expect(sumOf(seemAbandoned)).toBeGreaterThan(sumOf(queueCalls(fields, meanwhileMs).abandoned))
    // Counted from all records, including records that arrive later.
    const { entered, abandoned } = queueCalls(fields, meanwhileMs - 3_600_000)
    expect(await countsOf(8, ['queue'], 'calls', meanwhileSchema)).toEqual(shown(entered, 'user'))
    expect(await countsOf(8, ['queue'], 'abandoned', meanwhileSchema)).toEqual(shown(abandoned, 'user'))
  })

  it('return the number of calls that a colleague answered', async () => {
    const [columns = [], ...rows] = await question(9)
    const calls = rows.reduce((sum, row) => sum + Number(row[columns.indexOf('calls')]), 0)
    const counted = [...callsAnsweredElsewhere(fields).values()].reduce((sum, count) => sum + count, 0)
    expect(calls).toBe(counted)
    expect(calls).toBeGreaterThan(0)
  })

  it('return no history of a person from the sample and no unknown field', async () => {
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
