import { isDeepStrictEqual } from 'node:util'
import type { Mark } from '@cdrstream/plugin'
import { elasticsearchSink } from '@cdrstream/sink-elasticsearch'
import { sharedElasticsearchUrl } from '@cdrstream-internal/services'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reducedSearches } from '../src/pages/leave-out-condition.ts'
import { readPage } from '../src/pages/read-sections.ts'
import { readSearchRecipes } from '../src/pages/search-recipes.ts'
import { sampleMark, sampleRecords } from '../src/sample/sample-records.ts'
import {
  type Counts,
  callsAnsweredElsewhere,
  callsOfLocations,
  callsOfTrunks,
  fieldsOfSpan,
  longestSeconds,
  missedCalls,
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

/** The recipes page uses the alias `cdr`. The tests use aliases of their own. */
const samplePrefix = 'cdr-recipes-sample'
const simulatedPrefix = 'cdr-recipes-simulated'
/** The state while records are still arriving. */
const meanwhilePrefix = 'cdr-recipes-meanwhile'

const prefixes = [samplePrefix, simulatedPrefix, meanwhilePrefix]

/**
 * The first test that needs the server waits until it has started. On a new machine, it is downloaded first.
 */
const startTimeoutMs = 300_000

const simulated = simulatedRecords(afterwardsMs)
const fields = fieldsOfSpan(simulated)
let url: string

beforeAll(async () => {
  url = await sharedElasticsearchUrl()
  await removeAll()
  await writeRecords(elasticsearchSink, optionsOf(samplePrefix), sampleRecords(), sampleMark)
  await writeRecords(elasticsearchSink, optionsOf(simulatedPrefix), simulated, simulatedMark(afterwardsMs))
  // The recipe takes the earliest time of all orgs, regardless of their order.
  const later: Mark = { ...sampleMark, org: 'zeta', completeThroughMs: sampleMark.completeThroughMs + 1_000 }
  await writeRecords(elasticsearchSink, optionsOf(samplePrefix), [], later)
  const meanwhile = simulatedRecords(meanwhileMs)
  await writeRecords(elasticsearchSink, optionsOf(meanwhilePrefix), meanwhile, simulatedMark(meanwhileMs))
  await request('POST', `${prefixes.flatMap((prefix) => [prefix, `${prefix}-coverage`]).join()}/_refresh`)
}, startTimeoutMs)

afterAll(removeAll)

describe('the sample calls', () => {
  it.each(readSearchRecipes())('$title', async ({ path, body, answer }) => {
    expect(await search(samplePrefix, path, body)).toEqual(answer)
  })

  it('show that each condition in the queries matters, because the answer differs without it', async () => {
    const redundant: string[] = []
    for (const { title, path, body, answer } of readSearchRecipes()) {
      for (const reduced of reducedSearches(body)) {
        const same = isDeepStrictEqual(await search(samplePrefix, path, reduced.query), answer)
        if (same) redundant.push(title)
      }
    }
    // The two conditions in this query only limit how much of the index is read, because each moment has its
    // own condition.
    const limited = '6. How many calls run at the same time?'
    expect(redundant).toEqual([limited, limited])
  })
})

it('records are complete through the time of the org that is furthest behind', async () => {
  expect(await completeThrough(samplePrefix)).toBe(new Date(sampleMark.completeThroughMs).toISOString())
})

describe('the queries over thousands of simulated records', () => {
  const question = async (
    number: number,
    change: (body: string) => string = (body) => body,
    prefix = simulatedPrefix,
  ) => {
    const recipe = readSearchRecipes({ COMPLETE_THROUGH: await completeThrough(prefix) })[number - 1]
    if (recipe === undefined) throw new RangeError(`no question ${number}`)
    return (await search(prefix, recipe.path, change(recipe.body))) as SearchResponse
  }
  /** The pages show the first twenty people. All are compared here. */
  const all = (body: string) => body.replaceAll('"size": 20', '"size": 1000')

  it('return the number of calls per location and day', async () => {
    const { days } = (await question(1)).aggregations
    const found = days?.buckets.map(({ key, calls }) => [
      `${named(key).day} ${named(key).location}`,
      calls?.value,
    ])
    expect(new Map(found as [string, number][])).toEqual(callsOfLocations(fields))
  })

  it('return the number of missed calls per person', async () => {
    const { people } = (await question(2, all)).aggregations
    expect(valuesOf(people, 'missed')).toEqual(missedCalls(fields))
  })

  it('return the seconds of calls abroad', async () => {
    const { countries } = (await question(3)).aggregations
    const found = countries?.buckets.map(({ key, seconds }) => [
      `${named(key).location} ${named(key).country}`,
      seconds?.value,
    ])
    expect(new Map(found as [string, number][])).toEqual(secondsAbroad(fields))
  })

  it('return the longest calls', async () => {
    const { hits } = await question(4)
    const seconds = hits?.hits.map((hit) => hit.fields.duration?.[0])
    expect(seconds).toEqual(longestSeconds(fields, 5))
  })

  it('return no history of a person from the sample and no unknown field', async () => {
    expect(await question(5)).toEqual({})
    expect((await question(10)).hits).toBeUndefined()
  })

  it('return the number of calls at each moment', async () => {
    const { moments } = (await question(6)).aggregations
    const found = Object.entries(moments?.buckets ?? {}).map(([name, { calls }]) => [name, calls?.value])
    const counted = found.map(([name]) => {
      const atMs = Date.parse(`2026-11-02T${name}:00-06:00`)
      const there = fields.filter(
        (it) => (it.start_time ?? Number.NaN) <= atMs && (it.release_time ?? Number.NaN) > atMs,
      )
      return [name, new Set(there.map((it) => it.correlation_id)).size]
    })
    expect(found).toHaveLength(3)
    expect(found).toEqual(counted)
  })

  it('return the number of calls per trunk', async () => {
    const { in: inward, out } = (await question(7)).aggregations
    const found = [
      ...Array.from(valuesOf(inward, 'calls'), ([trunk, calls]) => [`${trunk} in`, calls] as const),
      ...Array.from(valuesOf(out, 'calls'), ([trunk, calls]) => [`${trunk} out`, calls] as const),
    ]
    expect(new Map(found)).toEqual(callsOfTrunks(fields))
  })

  it.each([
    ['and those that were abandoned', simulatedPrefix, afterwardsMs],
    [
      'and no call as abandoned while its records are still arriving',
      meanwhilePrefix,
      meanwhileMs - 3_600_000,
    ],
  ])('return the number of calls per queue, %s', async (_, prefix, endedBeforeMs) => {
    const { entered, answered } = (await question(8, undefined, prefix)).aggregations
    const calls = valuesOf(entered?.queues, 'calls')
    const reached = valuesOf(answered?.queues, 'calls')
    // Counted from all records, including records that arrive later.
    const counted = queueCalls(fields, endedBeforeMs)
    expect(calls).toEqual(counted.entered)
    const abandoned = Array.from(calls, ([uuid, count]) => [uuid, count - (reached.get(uuid) ?? 0)] as const)
    expect(new Map(abandoned)).toEqual(counted.abandoned)
  })

  it('return the number of calls that a colleague answered', async () => {
    const { rang } = (await question(9, all)).aggregations
    const found = (rang?.buckets ?? []).map(
      ({ key, either, answered }) =>
        [String(key), Number(either?.value) - Number(answered?.calls?.value)] as const,
    )
    const taken = new Map(found.filter(([, count]) => count > 0))
    expect(taken.size).toBeGreaterThan(0)
    expect(taken).toEqual(callsAnsweredElsewhere(fields))
  })
})

/** The parts of a response that the questions use. */
interface SearchResponse {
  readonly aggregations: Readonly<Record<string, Aggregation | undefined>>
  readonly hits?: {
    readonly hits: readonly { readonly fields: Readonly<Record<string, readonly unknown[]>> }[]
  }
}

interface Aggregation {
  /** For `filters`, an object by name. */
  readonly buckets: readonly Bucket[]
  readonly queues?: Aggregation
}

interface Bucket {
  readonly key: string | Readonly<Record<string, string>>
  readonly calls?: Metric
  readonly missed?: Metric
  readonly seconds?: Metric
  readonly either?: Metric
  readonly answered?: { readonly calls?: Metric }
}

interface Metric {
  readonly value: number
}

function named(key: Bucket['key']): Readonly<Record<string, string>> {
  return typeof key === 'string' ? {} : key
}

function valuesOf(aggregation: Aggregation | undefined, metric: 'calls' | 'missed'): Counts {
  const buckets = aggregation?.buckets ?? []
  return new Map(buckets.map((bucket) => [String(bucket.key), bucket[metric]?.value ?? Number.NaN]))
}

/** Determines the time as the page describes. */
async function completeThrough(prefix: string): Promise<string> {
  const [, path = ''] = /9200\/cdr(-coverage\/_search\?\S+?)'/.exec(readPage('elasticsearch.md')) ?? []
  const answer = JSON.stringify(await request('GET', `${prefix}${path}`))
  // Like sed, uses the last match if there are several.
  return /.*"complete_through":"([^"]*)"/.exec(answer)?.[1] ?? ''
}

function optionsOf(indexPrefix: string) {
  return { nodes: [url], indexPrefix, shards: 1, replicas: 0 }
}

function search(prefix: string, path: string, body: string): Promise<unknown> {
  return request('POST', path.replace(/^cdr\//, `${prefix}/`), body)
}

async function request(method: string, path: string, body?: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  const text = await response.text()
  if (!response.ok && response.status !== 404) throw new Error(`${method} ${path}: ${text}`)
  return JSON.parse(text)
}

async function removeAll(): Promise<void> {
  for (const prefix of prefixes) {
    const found = (await request('GET', `${prefix}-*?expand_wildcards=all&filter_path=*.aliases`)) as object
    for (const index of Object.keys(found)) await request('DELETE', index)
    await request('DELETE', `_index_template/${prefix}`)
  }
}
