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

function read(orgs: readonly OrgConfiguration[] = [acme], isCollecting = false) {
  const configuration = {
    orgs,
    sinkNames: ['files'],
    journal: { path: '/data/x.db', keepMs: 1, maxBytes: 1, minFreeDiskBytes: 1 },
    terms: defaultTerms,
  }
  const holder = isCollecting ? { pid: 7, host: 'h', sinceMs: nowMs - 3_600_000 } : undefined
  return readStatus(configuration, journal, holder, nowMs)
}

/** Stores coverage with intervals given in seconds before now. */
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

test('before the first run, everything is unknown and the whole budget is left', async () => {
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
    readSeconds: 7_140,
    finalSeconds: 0,
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
    // The one-hour hole, and the minute up to the head.
    unreadSeconds: hourSec + 60,
    // The hole begins nine hours ago, and the stream reaches back twelve.
    oldestUnreadExpiresInSeconds: 3 * hourSec,
    doubtfulSeconds: hourSec,
  })
})

test('a span that expired while no collector was running is a gap, even before a collector records it', async () => {
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

test("a sink's lag counts from the oldest record that it does not have", async () => {
  const first = await commit([[100, 60, 'read']], { records: [record(1, nowMs - 90_000)] })
  await commit([[100, 60, 'read']], { records: [record(2, nowMs - 50_000), record(3, nowMs - 40_000)] })
  await journal.registerSink('files', await journal.start(), wholeMs(nowMs))
  await journal.acknowledge('files', { through: first })

  expect((await read()).sinks).toEqual([
    {
      name: 'files',
      state: expect.objectContaining({ state: 'waiting', code: 'no-collector' }),
      catchUp: null,
      position: 1,
      lagRecords: 2,
      lagSeconds: 50,
      lostRecords: 0,
      lostAt: null,
      quarantined: 0,
    },
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

test("a credential's budget is shown for each org that uses it", async () => {
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

test('after a 429, no requests are left, and other use of the credential is shown', async () => {
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

test('the text output fits 80 columns and shows the deadline but no record content', async () => {
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

test('while a collector catches up, the status includes an ETA', async () => {
  await commit([
    [12 * hourSec, 6 * hourSec, 'read'],
    [100, 60, 'read'],
  ])
  const unread = 6 * hourSec - 100
  const nothing = { code: null, cause: null, remedy: null, nextTryMs: null }
  const catchingUp = { ...nothing, state: 'catching-up', sinceMs: nowMs - 400_000 } as const
  const before = { atMs: nowMs - 300_000, amount: unread + 1_800 }
  const after = await commit([[100, 60, 'read']], { records: [record(1, nowMs), record(2, nowMs)] })
  await commit([
    [12 * hourSec, 6 * hourSec, 'read'],
    [100, 60, 'read'],
  ])
  await journal.registerSink('files', await journal.start(), wholeMs(nowMs))
  await journal.noteStates(
    [
      { ...catchingUp, subject: 'org', name: 'acme', leftBefore: before },
      { ...catchingUp, subject: 'sink', name: 'files', leftBefore: { atMs: nowMs - 10_000, amount: 12 } },
    ],
    nowMs - 1_000,
    { all: true },
  )

  const status = await read([acme], true)

  expect(after.offset).toBe(2)
  expect(status.reportedAt).toBe('2026-11-24T11:59:59.000Z')
  expect(status.orgs[0]).toMatchObject({
    state: { state: 'catching-up', since: '2026-11-24T11:53:20.000Z', last: null },
    catchUp: { left: unread - 180, perSecond: 6, etaSeconds: Math.ceil((unread - 180) / 6) },
  })
  expect(status.sinks[0]?.catchUp).toEqual({ left: 2, perSecond: 1, etaSeconds: 2 })
  expect(showStatus(status)).toContain('catching up for 6 m 40 s; done in about 59 m 14 s')
})

test('with many orgs, the output starts with a summary and omits orgs that are ok', async () => {
  const orgs = Array.from({ length: 30 }, (_, index) => ({ ...acme, name: `org-${index}` }))
  const nothing = { cause: null, remedy: null, nextTryMs: null, leftBefore: null }
  await journal.noteStates(
    orgs.map(({ name }, index) => ({
      ...nothing,
      subject: 'org',
      name,
      sinceMs: nowMs,
      ...(index === 17
        ? ({ state: 'paused', code: 'role-missing' } as const)
        : ({ state: 'ok', code: null } as const)),
    })),
    nowMs,
    { all: true },
  )
  const lines = showStatus(await read(orgs, true)).split('\n')
  expect(lines[0]).toBe('30 orgs: 1 paused (org-17), 29 ok; 1 sink: 1 waiting (files)')
  expect(lines.filter((line) => line.startsWith('org '))).toEqual(['org org-17'])
  expect(lines).toContain('29 more orgs: --org NAME shows one, and --json shows all')
})
