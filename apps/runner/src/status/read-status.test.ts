import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AcceptedRecord,
  type CoverageInterval,
  defaultTerms,
  type Progress,
  wholeMs,
} from '@cdrstream/core'
import { budgetAfter, reserveSlot } from '@cdrstream/core/budget'
import type { QuarantineItem } from '@cdrstream/engine'
import { openJournal, type SqliteJournal } from '@cdrstream/journal-sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OrgConfiguration } from '../configuration/configuration.ts'
import { Secret } from '../configuration/secret.ts'
import { readStatus } from './read-status.ts'
import { showStatus } from './show-status.ts'

const nowMs = Date.UTC(2026, 10, 24, 12)
const nowSec = nowMs / 1_000
const hourSec = 3_600

let directory: string
let journal: SqliteJournal
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-status-'))
  journal = await openJournal({ path: join(directory, 'x.db'), access: 'collector', nowMs: () => nowMs })
})
afterEach(async () => {
  await journal.close()
  rmSync(directory, { recursive: true })
})

const acme: OrgConfiguration = {
  name: 'acme',
  auth: { kind: 'access-token', accessToken: new Secret('canary') },
  credential: 'acme',
  baseUrl: 'https://localhost/v1',
  apiHosts: [],
  region: 'fixed',
  locations: [],
  reachMs: 0,
}

function read(orgs: readonly OrgConfiguration[] = [acme]) {
  const configuration = {
    orgs,
    sinkNames: ['files'],
    journal: { path: '/data/x.db', keepMs: 1, maxBytes: 1, minFreeDiskBytes: 1 },
    terms: defaultTerms,
  }
  return readStatus(configuration, journal, undefined, nowMs)
}

/** Stores a coverage whose intervals are given in seconds before now. */
async function commit(
  coverage: readonly (readonly [fromAgo: number, toAgo: number, level: CoverageInterval['level']])[],
  more: { records?: readonly AcceptedRecord[]; quarantined?: readonly QuarantineItem[] } = {},
) {
  const progress: Progress = {
    originSec: nowSec - (coverage[0]?.[0] ?? 0),
    coverage: coverage.map(([from, to, level]) => ({ fromSec: nowSec - from, toSec: nowSec - to, level })),
    auditedToSec: nowSec - 11 * hourSec,
    deepAtSec: 0,
    doubts: [],
  }
  const { records = [], quarantined = [] } = more
  const budget = { credential: 'acme', change: <Budget>(stored: Budget) => stored }
  return journal.commit({ org: 'acme', scope: 'acme', progress, records, quarantined, budget })
}

function record(number: number, acceptedAtMs: number): AcceptedRecord {
  return {
    key: String(number),
    fingerprint: number.toString(16).padStart(32, '0'),
    rank: number,
    home: '2026-11-24',
    acceptedAtMs: wholeMs(acceptedAtMs),
    source: 'stream',
    bytes: Buffer.from('{"Report ID":"canary"}'),
  }
}

test('before the first run, nothing is known and the whole budget is left', async () => {
  const status = await read()

  expect(status).toMatchObject({
    at: '2026-11-24T12:00:00.000Z',
    collector: null,
    orgs: [{ name: 'acme', coverage: null, budget: { initialRequestsLeft: 1, pageRequestsLeft: 10 } }],
    sinks: [{ name: 'files', position: null, lagRecords: 0, lagSeconds: 0 }],
    journal: { path: '/data/x.db', records: 0, quarantined: 0 },
  })
})

test('when everything readable has been read, the org is fresh and complete', async () => {
  await commit([[2 * hourSec, 60, 'read']])

  const [org] = (await read()).orgs
  expect(org?.coverage).toEqual({
    origin: '2026-11-24T10:00:00.000Z',
    completeThrough: '2026-11-24T11:59:00.000Z',
    newestRead: '2026-11-24T11:59:00.000Z',
    newestReadAgeSeconds: 60,
    unreadSeconds: 0,
    oldestUnreadExpiresInSeconds: null,
    gapSeconds: 0,
    gaps: [],
    doubtfulSeconds: 0,
    auditedThrough: '2026-11-24T01:00:00.000Z',
  })
})

test('a hole in the past has a deadline', async () => {
  await commit([
    [10 * hourSec, 9 * hourSec, 'read'],
    [8 * hourSec, 7 * hourSec, 'doubtful'],
    [7 * hourSec, 120, 'read'],
  ])

  const [org] = (await read()).orgs
  expect(org?.coverage).toMatchObject({
    completeThrough: '2026-11-24T03:00:00.000Z',
    newestReadAgeSeconds: 120,
    // The hole of an hour, and the minute up to the head.
    unreadSeconds: hourSec + 60,
    // It begins nine hours ago, and the stream has twelve.
    oldestUnreadExpiresInSeconds: 3 * hourSec,
    doubtfulSeconds: hourSec,
  })
})

test('what expired while no collector was running is a gap, even before a collector records it', async () => {
  await commit([
    [20 * hourSec, 19 * hourSec, 'gap'],
    [19 * hourSec, 15 * hourSec, 'final'],
  ])

  const [org] = (await read()).orgs
  expect(org?.coverage).toMatchObject({
    gapSeconds: 4 * hourSec,
    gaps: [
      { from: '2026-11-23T16:00:00.000Z', to: '2026-11-23T17:00:00.000Z' },
      { from: '2026-11-23T21:00:00.000Z', to: '2026-11-24T00:00:00.000Z' },
    ],
    unreadSeconds: 12 * hourSec - 60,
    oldestUnreadExpiresInSeconds: 0,
  })
})

test('the lag of a sink counts from the oldest record that it does not have', async () => {
  const first = await commit([[100, 60, 'read']], { records: [record(1, nowMs - 90_000)] })
  await commit([[100, 60, 'read']], { records: [record(2, nowMs - 50_000), record(3, nowMs - 40_000)] })
  await journal.registerSink('files', await journal.start(), wholeMs(nowMs))
  await journal.acknowledge('files', { through: first })

  expect((await read()).sinks).toEqual([
    { name: 'files', position: 1, lagRecords: 2, lagSeconds: 50, lostRecords: 0, quarantined: 0 },
  ])
  expect((await read()).journal).toMatchObject({ end: 3, records: 3 })
})

test('refused records are counted where they were refused', async () => {
  const item = { org: 'acme', sink: null, reason: 'not a record: null', text: 'null', atMs: wholeMs(nowMs) }
  const end = await commit([[100, 60, 'read']], {
    records: [record(1, nowMs)],
    quarantined: [item, { ...item, text: '1' }],
  })
  await journal.registerSink('files', await journal.start(), wholeMs(nowMs))
  await journal.acknowledge('files', { through: end, refused: [{ ...item, sink: 'files' }] })

  const status = await read()

  expect(status.orgs[0]?.quarantined).toBe(2)
  expect(status.sinks[0]?.quarantined).toBe(1)
  expect(status.journal.quarantined).toBe(3)
})

test('the budget of a credential is shown for each org that has it', async () => {
  await journal.changeBudget('acme', (budget) => {
    const reserved = reserveSlot(budget, 'page', 'in flight', defaultTerms, nowMs - 1_000)
    const asked = reserved && reserveSlot(reserved, 'initial', 'answered', defaultTerms, nowMs - 1_000)
    const answer = { kind: 'page', answeredAtMs: nowMs - 59_000 } as const
    return asked && budgetAfter(asked, 'answered', answer, defaultTerms, answer.answeredAtMs)
  })
  const orgs = (await read([acme, { ...acme, name: 'second' }])).orgs

  expect(orgs.map(({ budget }) => budget)).toEqual([
    expect.objectContaining({ credential: 'acme', initialRequestsLeft: 0, pageRequestsLeft: 9 }),
    expect.objectContaining({ credential: 'acme', initialRequestsLeft: 0, pageRequestsLeft: 9 }),
  ])
})

test('while the API pushes back, no requests are left, and other use of the credential is shown', async () => {
  await journal.changeBudget('acme', (budget) => ({
    ...budget,
    notBeforeMs: nowMs + 30_000,
    limitedInARow: 2,
    foreignUse: { sinceMs: nowMs - 60_000, limitedAtMs: nowMs - 30_000 },
  }))

  const status = await read()

  expect(status.orgs[0]?.budget).toEqual({
    credential: 'acme',
    initialRequestsLeft: 0,
    pageRequestsLeft: 0,
    pushedBackUntil: '2026-11-24T12:00:30.000Z',
    pushedBackInARow: 2,
    sharedSince: '2026-11-24T11:59:00.000Z',
  })
  const lines = showStatus(status).split('\n')
  expect(lines.filter((line) => line.length > 80)).toEqual([])
  expect(lines).toContain('  budget     rate-limited by Webex until 2026-11-24 12:00:30 UTC')
  expect(lines).toContain('             (2 consecutive 429 responses)')
})

test('the text output fits 80 columns, shows the deadline, and shows no content', async () => {
  const long = { ...acme, name: 'a'.repeat(63) }
  await commit(
    [
      [20 * hourSec, 19 * hourSec, 'gap'],
      [8.8 * hourSec, 74, 'read'],
    ],
    { records: [record(1, nowMs)] },
  )
  const text = showStatus(await read([acme, long]))

  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
  expect(text).toContain('newest second read is 74 s old')
  expect(text).toMatch(/the oldest unread minute expires in \d/)
  expect(text).not.toContain('canary')
})

test('an org without coverage is neither complete nor fresh', async () => {
  await commit([])
  const text = showStatus(await read())

  expect(text).toContain('nothing read yet')
  expect(text).not.toMatch(/^ {2}(complete|freshness)/m)
})
