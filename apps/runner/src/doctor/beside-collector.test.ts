import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defaultTerms as terms, type WholeMs, wholeMs } from '@cdrstream/core'
import { type Budget, budgetAfter, giveUpSlot, reserveSlot } from '@cdrstream/core/budget'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { changeBudget, openAsCollector, type World, world } from '../../test/support/consult-doctor.ts'

/** Stores records that the collector accepted at this time. */
async function accept(
  journal: Awaited<ReturnType<typeof openAsCollector>>,
  count: number,
  acceptedAtMs: WholeMs,
): Promise<void> {
  const nowSec = Math.floor(Date.now() / 1_000)
  await journal.commit({
    org: 'acme',
    scope: 'acme',
    progress: { originSec: nowSec, coverage: [], auditedToSec: nowSec, deepAtSec: 0, doubts: [] },
    records: Array.from({ length: count }, (_, index) => ({
      key: `r${index}`,
      fingerprint: index.toString(16).padStart(32, '0'),
      rank: 1,
      home: new Date(acceptedAtMs).toISOString().slice(0, 10),
      acceptedAtMs,
      source: 'stream',
      bytes: Buffer.from('{}'),
    })),
    quarantined: [],
    budget: { credential: 'acme', change: (budget) => budget },
  })
}

/** Commits that the collector has read the last hour. */
async function commitRead(
  journal: SqliteJournal,
  change: (budget: Budget) => Budget = (budget) => budget,
): Promise<void> {
  const nowSec = Math.floor(Date.now() / 1_000)
  await journal.commit({
    org: 'acme',
    scope: 'acme',
    progress: {
      originSec: nowSec - 3_600,
      coverage: [{ fromSec: nowSec - 3_600, toSec: nowSec - 61, level: 'read' }],
      auditedToSec: nowSec - 3_600,
      deepAtSec: 0,
      doubts: [],
    },
    records: [],
    quarantined: [],
    budget: { credential: 'acme', change },
  })
}

describe('beside a running collector', () => {
  /** Holds the journal as a running collector does. The last response arrived this long ago. */
  async function collecting(place: World, answeredAgoMs: number | null) {
    const journal = await openAsCollector(place)
    onTestFinished(() => journal.close())
    if (answeredAgoMs !== null) {
      const countsFromMs = Date.now() - answeredAgoMs
      const slot = { id: 'of the collector', kind: 'initial', countsFromMs } as const
      await journal.changeBudget('acme', (budget) => ({ ...budget, slots: [slot] }))
    }
    return journal
  }

  test('doctor sends a request for an org with a token, within the shared budget', async () => {
    const place = await world()
    await collecting(place, 90_000)
    const consultation = await place.consult()

    expect(consultation.ofOrg()).toMatchObject({
      token: 'warning token-not-renewable',
      limits: 'ok limit-kept',
    })
    expect(consultation.found('journal')).toBe('ok journal-opened')
    expect((await place.consult()).found('limits')).toBe('not-checked budget-spent')
    expect(place.simulator.ledger.requests.length).toBe(1)
  })

  test.each([
    ['has just used its request', 10_000, 'not-checked budget-spent'],
    [
      'has a different clock, or has not sent a request for a long time',
      7_200_000,
      'not-checked collector-silent',
    ],
    ['has a clock that is ahead', -7_200_000, 'not-checked collector-silent'],
    ['has not sent a request yet', null, 'not-checked collector-silent'],
  ])('that %s, doctor sends nothing', async (_, answeredAgoMs, expected) => {
    const place = await world()
    await collecting(place, answeredAgoMs)
    const consultation = await place.consult()

    expect(consultation.found('limits')).toBe(expected)
    expect(place.simulator.ledger.requests).toEqual([])
  })

  test('doctor does not renew tokens that the collector renews, but checks the stored sign-in', async () => {
    const place = await world({ renewing: true, signIn: { rotation: 'at-once' } })
    await place.consult()
    const before = place.simulator.ledger.tokenRequests.length
    const journal = await collecting(place, null)
    const behind = await place.consult()
    const limited = { kind: 'limited', answeredAtMs: Date.now(), retryAfterMs: null } as const
    await commitRead(journal, (budget) => budgetAfter(budget, '', limited, terms, limited.answeredAtMs))
    const reading = await place.consult()

    expect(behind.ofOrg()).toMatchObject({
      connection: 'warning collector-does-not-read',
      token: 'ok signed-in',
      scope: 'not-checked collector-does-not-read',
    })
    expect(reading.ofOrg()).toMatchObject({
      token: 'ok signed-in',
      scope: 'ok collector-reads',
      role: 'ok collector-reads',
      clock: 'not-checked collector-runs',
      limits: 'warning pushed-back',
    })
    expect(place.simulator.ledger.tokenRequests.length).toBe(before)
    expect(place.simulator.ledger.requests.length).toBe(1)
  })

  test.each([
    ['not used yet', undefined, 'warning not-renewed-yet'],
    ['damaged', '{', 'problem token-file-not-understood'],
    ['expired', { refreshTokenEndsAtMs: 1 }, 'problem refresh-token-ended'],
    ['not renewed', { accessTokenEndsAtMs: 1 }, 'problem not-renewed'],
    ['expiring soon', { refreshTokenEndsAtMs: Date.now() + 9e8 }, 'warning refresh-token-ends-soon'],
  ])('doctor reports a stored sign-in that is %s', async (_, content, expected) => {
    const place = await world({ renewing: true })
    await collecting(place, null)
    const file = join(place.directory, 'data/sign-in/acme.json')
    if (content !== undefined) {
      mkdirSync(dirname(file))
      const stored = { cdrstreamSignIn: 1, configuredSha256: null, refreshToken: 'canary-r', renewedAtMs: 1 }
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify({ ...stored, ...content }))
    }
    const consultation = await place.consult()

    expect(consultation.found('token')).toBe(expected)
  })

  test('doctor reports a sink as behind if records are waiting, although its check passes', async () => {
    const place = await world()
    const journal = await collecting(place, 90_000)
    const nowMs = Date.now()
    await journal.registerSink('files', await journal.start(), wholeMs(nowMs))
    expect((await place.consult()).all('sink')).not.toContain('warning delivery-behind')
    await accept(journal, 3, wholeMs(nowMs - 3_600_000))
    expect((await place.consult()).all('sink')).toContain('warning delivery-behind')

    const through = await journal.end()
    await journal.acknowledge('files', { through, refused: [], released: [], forgotten: [], witnesses: [] })
    expect((await place.consult()).all('sink')).not.toContain('warning delivery-behind')
  })

  test('doctor reports records that a sink refused or never received', async () => {
    const place = await world()
    const journal = await collecting(place, 90_000)
    const nowMs = wholeMs(Date.now())
    await journal.registerSink('files', await journal.start(), nowMs)
    await accept(journal, 2, nowMs)
    const { records } = await journal.read(await journal.start(), { records: 1, bytes: 1 })
    const [record] = records
    if (record === undefined) throw new Error('no record')
    const { org, text, position } = record
    const refused = { org, sink: 'files', reason: 'no', text, atMs: nowMs }
    await journal.acknowledge('files', {
      through: position,
      refused: [{ ...refused, record: { offset: position.offset, acceptedAtMs: nowMs } }],
      released: [],
      forgotten: [],
      witnesses: [],
    })
    expect((await place.consult()).all('sink')).toContain('warning records-refused')
  })

  test('a request that a crash left without a response is given up if no collector is running', async () => {
    const place = await world()
    await changeBudget(place, (budget) => reserveSlot(budget, 'initial', 'lost', terms, Date.now()))
    await place.consult()

    const journal = await openAsCollector(place)
    const { slots } = await journal.budget('acme')
    await journal.close()
    const given = giveUpSlot({ slots, notBeforeMs: 0, limitedInARow: 0 }, 'lost', terms, Date.now()).slots[0]
    expect(slots[0]?.countsFromMs).toBeLessThanOrEqual(given?.countsFromMs ?? 0)
    expect(place.simulator.ledger.requests).toEqual([])
  })

  const nothing = { cause: null, remedy: null, nextTryMs: null, leftBefore: null, sinceMs: Date.now() }

  test("the collector's report about a sink has the same code and remedy as the log", async () => {
    const place = await world()
    const journal = await collecting(place, 90_000)
    const paused = { ...nothing, state: 'paused', code: 'forbidden', remedy: 'grant INSERT' } as const
    await journal.noteStates([{ ...paused, subject: 'sink', name: 'files' }], Date.now() + 1_000)
    const { all, diagnosis, exitCode } = await place.consult()

    expect(all('sink')).toContain('problem forbidden')
    expect(diagnosis.checks.find(({ code }) => code === 'forbidden')?.remedy).toBe('grant INSERT')
    expect(exitCode).toBe(1)
    await journal.noteStates([{ ...paused, state: 'retrying', subject: 'sink', name: 'files' }], Date.now())
    expect((await place.consult()).all('sink')).toContain('warning forbidden')
    await journal.noteStates(
      [{ ...nothing, state: 'ok', code: null, subject: 'sink', name: 'files' }],
      Date.now(),
    )
    expect((await place.consult()).all('sink')).not.toContain('warning forbidden')
  })

  test('an org that the collector cannot read is not reported as working, even if it was read before', async () => {
    const place = await world({ renewing: true, signIn: { rotation: 'at-once' } })
    const journal = await collecting(place, null)
    await commitRead(journal)
    expect((await place.consult()).found('connection')).toBe('ok collector-reads')
    const paused = { ...nothing, state: 'paused', code: 'role-missing', remedy: 'assign the role' } as const
    await journal.noteStates([{ ...paused, subject: 'org', name: 'acme' }], Date.now() + 1_000)

    const { ofOrg } = await place.consult()
    expect(ofOrg()).toMatchObject({ connection: 'problem role-missing', scope: 'not-checked role-missing' })
  })

  test("doctor warns about an org that works for its own request but not for the collector's", async () => {
    const place = await world()
    const journal = await collecting(place, 90_000)
    const paused = { ...nothing, state: 'paused', code: 'role-missing', remedy: 'assign the role' } as const
    await journal.noteStates([{ ...paused, subject: 'org', name: 'acme' }], Date.now() + 1_000)
    expect((await place.consult()).found('connection')).toBe('warning role-missing')
  })
})
