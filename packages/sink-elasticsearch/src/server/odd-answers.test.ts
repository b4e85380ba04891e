import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type AnsweringServer,
  answeringServer,
  type CannedAnswer,
} from '../../test/support/answering-server.ts'
import { testBatch, testRecords } from '../../test/support/test-record.ts'
import { call, openCall, testSink } from '../../test/support/test-sink.ts'
import { usualAnswers, usualIndex } from '../../test/support/usual-answers.ts'

const headers = { 'x-elastic-product': 'Elasticsearch' }
const requests = Object.keys(usualAnswers)
/** Returns the name of a request in `usualAnswers`. */
const nameOf = (asked: string) =>
  requests.find((name) => asked === name) ??
  requests.filter((name) => asked.startsWith(name)).toSorted((a, b) => b.length - a.length)[0] ??
  asked

type Alter = (name: string, body: unknown) => string | undefined

/** Starts a server that alters its response to some requests, and sends the usual response to the others. */
async function alteringServer(alter: Alter): Promise<AnsweringServer> {
  const created = new Set<string>()
  return answeringServer((asked): CannedAnswer => {
    const name = nameOf(asked)
    if (name === 'PUT /cdr-2026.11') created.add('cdr-2026.11')
    const usual = usualAnswers[name]
    if (usual === undefined) return { status: 404, headers }
    const body =
      name === 'GET /cdr-2*.*' && created.size > 0
        ? { ...(usual.body as object), 'cdr-2026.11': usualIndex }
        : usual.body
    const text = alter(name, body)
    return text === undefined
      ? { status: usual.status, headers, body }
      : { status: name === 'GET /cdr-journals/_doc' ? 200 : usual.status, headers, text }
  })
}

/** Makes every sink request that the responses allow. Returns the log and the result of each call. */
async function useSink({ url }: AnsweringServer): Promise<readonly unknown[]> {
  const logged = { lines: [] as string[] }
  const sink = await testSink({ nodes: [url], retention: '90d', concurrency: 1 }, logged)
  const results: unknown[] = [logged.lines, await sink.check(call)]
  const opened = await sink.open(openCall)
  results.push(opened)
  if (opened.kind !== 'opened') return results
  const { session } = opened
  const thrown = (error: unknown) => error
  const records = testRecords(2, { content: { 'Start time': '2026-10-01T00:00:00.000Z' } })
  const marks = ['acme', 'globex'].map((org) => ({ org, fromMs: 0, completeThroughMs: nowMs, gaps: [] }))
  results.push(
    await session.write(testBatch(records), call),
    await session.holds?.([{ org: 'acme', key: 'key-0', rank: 1, home: '2026-10-31' }], call).catch(thrown),
    await session.mark?.(marks, call).catch(thrown),
  )
  await session.close?.(call)
  return results
}

const nowMs = Date.UTC(2026, 10, 24, 12)

test('the usual answers cover every sink request', async () => {
  await using server = await alteringServer(() => undefined)
  const results = await useSink(server)
  expect(new Set(server.asked.map(nameOf))).toEqual(new Set(requests))
  expect(results).toMatchObject([
    expect.any(Array),
    [{ code: 'reachable' }, { code: 'template-absent' }, { code: 'shard-limit' }],
    { kind: 'opened' },
    { kind: 'accepted' },
    ['present'],
    undefined,
  ])
})

const noAnswers = ['null', '1', '[{}]', 'no JSON']

test.each(requests)('a response to %s that is not an object → `answer-not-understood`', async (request) => {
  for (const text of noAnswers) {
    await using server = await alteringServer((name) => (name === request ? text : undefined))
    const results = await useSink(server)
    expect(textOf(results), text).toContain('answer-not-understood')
    expect(exceptionsIn(results), text).toEqual([])
  }
})

test('a response with a part that is missing or of the wrong type does not cause an exception', async () => {
  const odd = fc.constantFrom(null, 1, -1, 1e300, '', 'canary', true, [], [null], {}, { a: {} }, undefined)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...requests), fc.nat(), odd, async (request, at, value) => {
      await using server = await alteringServer((name, body) =>
        name === request ? withChangedPart(body, at, value) : undefined,
      )
      const results = await useSink(server)
      expect(exceptionsIn(results)).toEqual([])
      expect(textOf(results)).not.toContain('canary')
    }),
    { numRuns: 100 },
  )
})

test('an error with an endless chain of causes is refused without an exception', async () => {
  const depth = 60_000
  const text = `{"error":${'{"type":"x","caused_by":'.repeat(depth)}{"type":"y"}${'}'.repeat(depth)},"status":400}`
  await using server = await answeringServer(() => ({ status: 400, headers, text }))
  const sink = await testSink({ nodes: [server.url] })
  const opened = await sink.open(openCall)
  expect(opened).toMatchObject({ kind: 'failed', code: 'refused' })
  expect(exceptionsIn([opened])).toEqual([])
})

/** Returns the JSON body in which the part at this position has a different value. */
function withChangedPart(body: unknown, at: number, value: unknown): string {
  const parts: [object, string][] = []
  const copy = structuredClone({ body })
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [key, inner] of Object.entries(part)) {
      parts.push([part, key])
      visit(inner)
    }
  }
  visit(copy)
  const [parent, key] = parts[at % parts.length] as [object, string]
  Object.assign(parent, { [key]: value })
  return JSON.stringify(copy.body ?? {})
}

function errorsIn(value: unknown): readonly Error[] {
  if (value instanceof Error) return [value, ...errorsIn(value.cause)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(errorsIn)
}

/** Returns the errors that only a bug in the code can throw. */
function exceptionsIn(results: readonly unknown[]): readonly Error[] {
  return errorsIn(results).filter((error) => !['Error', 'SinkFault', 'RefusedRequest'].includes(error.name))
}

function textOf(results: readonly unknown[]): string {
  return JSON.stringify(results) + errorsIn(results).map(String).join()
}
