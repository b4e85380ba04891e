import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wholeMs } from '@cdrstream/core'
import { createNodePlatform } from '@cdrstream/engine/node'
import { openJournal, type SqliteJournal } from '@cdrstream/journal-sqlite'
import type { SinkTraits } from '@cdrstream/plugin'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { OperatorRequest } from './operator-request.ts'
import { RequestExecutor } from './request-executor.ts'

const { digest } = createNodePlatform()
const nowMs = wholeMs(Date.UTC(2026, 10, 30))
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

async function testJournal(): Promise<SqliteJournal> {
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-requests-'))
  const journal = await openJournal({ path: join(directory, 'journal.db'), access: 'collector' })
  onTestFinished(async () => {
    await journal.close()
    rmSync(directory, { recursive: true })
  })
  return journal
}

function executor(journal: SqliteJournal, traits: SinkTraits = { idempotence: 'key' }): RequestExecutor {
  return new RequestExecutor({
    journal,
    sinks: [{ name: 'search', traits }],
    digest,
    log: quiet,
    nowMs: () => nowMs,
  })
}

/** Adds a request and runs steps until nothing changes. Returns the request. */
async function carryOut(journal: SqliteJournal, { kind, ...given }: OperatorRequest, traits?: SinkTraits) {
  const id = await journal.addRequest(kind, given)
  const work = executor(journal, traits)
  for (let step = 0; step < 20; step += 1) await work.step()
  return journal.request(id)
}

async function quarantine(journal: SqliteJournal, texts: readonly string[]): Promise<void> {
  await journal.commit({
    org: 'acme',
    scope: 'acme',
    progress: { originSec: 0, coverage: [], auditedToSec: 0, deepAtSec: 0, doubts: [] },
    records: [],
    quarantined: texts.map((text) => ({
      org: 'acme',
      sink: null,
      reason: 'not a record: a number',
      text,
      atMs: nowMs,
    })),
    budget: { credential: 'acme', change: (budget) => budget },
  })
}

describe('retrying items that could not be read as records', () => {
  test('accepts each item that is now a record once, and keeps the others', async () => {
    const journal = await testJournal()
    const record = JSON.stringify({
      'Report ID': 'r1',
      'Start time': '2026-11-29T08:00:00.000Z',
      Duration: 7,
    })
    await quarantine(journal, [record, record.replace('7', '7.0'), '7', '{"cut off'])
    const finished = await carryOut(journal, { kind: 'quarantine-retry', filter: {} })
    expect(finished).toMatchObject({ state: 'running' })
    const { records } = await journal.read(await journal.start(), { records: 10, bytes: 1e9 })
    expect(records).toMatchObject([{ org: 'acme', text: record, home: '2026-11-29' }])
    expect(await journal.countQuarantined({})).toBe(2)

    // The request is done once the sinks have passed the record.
    await journal.registerSink('search', await journal.start(), nowMs)
    const acknowledgement = { refused: [], released: [], forgotten: [], witnesses: [] }
    await journal.acknowledge('search', { through: await journal.end(), ...acknowledgement })
    await executor(journal).step()
    expect(await journal.request(finished?.id ?? 0)).toMatchObject({
      state: 'done',
      result: { code: 'retried', details: { read: 1, known: 1, unreadable: 2 } },
    })
  })

  test('continues after a crash between two steps without duplicates', async () => {
    const journal = await testJournal()
    const texts = Array.from({ length: 450 }, (_, index) =>
      JSON.stringify({ 'Report ID': `r${index}`, Duration: 1 }),
    )
    await quarantine(journal, texts)
    const id = await journal.addRequest('quarantine-retry', { filter: {} })
    const failing = new Proxy(journal, {
      get(target, name) {
        if (name !== 'requeue') return Reflect.get(target, name)
        let calls = 0
        return async (...given: Parameters<SqliteJournal['requeue']>) => {
          calls += 1
          const span = await target.requeue(...given)
          if (calls === 1) throw new Error('planned: the answer was lost')
          return span
        }
      },
    })
    await expect(executor(failing).step()).rejects.toThrow('planned')
    for (let step = 0; step < 10; step += 1) await executor(journal).step()
    expect((await journal.end()).offset).toBe(texts.length)
    expect(await journal.countQuarantined({})).toBe(0)
    expect(await journal.request(id)).toMatchObject({ progress: { counts: { read: texts.length } } })
  })
})

describe('a replay', () => {
  test.each<[string, SinkTraits, boolean, string]>([
    ['stores a position', { idempotence: 'position' }, false, 'not-replayable'],
    ['stores a position, even with --duplicates-ok', { idempotence: 'position' }, true, 'not-replayable'],
    ['would have each record twice', { idempotence: 'none' }, false, 'duplicates'],
  ])('is refused for a sink that %s', async (_, traits, duplicatesOk, code) => {
    const journal = await testJournal()
    const request = { kind: 'replay', sink: 'search', sinceMs: null, duplicatesOk } as const
    expect(await carryOut(journal, request, traits)).toMatchObject({ state: 'refused', result: { code } })
  })

  test.each<[string, SinkTraits, boolean]>([
    ['replaces by key', { idempotence: 'key' }, false],
    ['stores a position and is replayable', { idempotence: 'position', replayable: true }, false],
    ['repeats records, with --duplicates-ok', { idempotence: 'none' }, true],
  ])('is allowed for a sink that %s', async (_, traits, duplicatesOk) => {
    const journal = await testJournal()
    const request = { kind: 'replay', sink: 'search', sinceMs: null, duplicatesOk } as const
    expect(await carryOut(journal, request, traits)).toMatchObject({
      state: 'done',
      result: { code: 'nothing' },
    })
  })
})

describe('a request', () => {
  test('from a different version is refused, and does not block other requests', async () => {
    const journal = await testJournal()
    const strange = await journal.addRequest('make-coffee', { cups: 2 })
    const paused = await carryOut(journal, { kind: 'sink-pause', sink: 'search' })
    expect(await journal.request(strange)).toMatchObject({
      state: 'refused',
      result: { code: 'not-understood' },
    })
    expect(paused).toMatchObject({ state: 'done', result: { code: 'paused' } })
    expect(await journal.openRequests()).toEqual([])
  })

  test('that was carried out but not marked as done before a crash has the same result', async () => {
    const journal = await testJournal()
    await journal.registerSink('old', await journal.start(), nowMs)
    const id = await journal.addRequest('sink-forget', { sink: 'old' })
    const failing = new Proxy(journal, {
      get(target, name) {
        if (name !== 'forgetSink') return Reflect.get(target, name)
        return async (sink: string) => {
          await target.forgetSink(sink)
          throw new Error('planned: a crash')
        }
      },
    })
    await expect(executor(failing).step()).rejects.toThrow('planned')
    await executor(journal).step()
    expect(await journal.request(id)).toMatchObject({ state: 'done', result: { code: 'forgotten' } })
  })
})
