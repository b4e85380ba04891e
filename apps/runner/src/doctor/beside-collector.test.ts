import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { defaultTerms as terms, type WholeMs, wholeMs } from '@cdrstream/core'
import { budgetAfter, giveUpSlot, reserveSlot } from '@cdrstream/core/budget'
import { describe, expect, onTestFinished, test } from 'vitest'
import { changeBudget, openAsCollector, type World, world } from '../../test/support/consult-doctor.ts'

/** Records that the collector accepted at this time. */
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

describe('beside a collector', () => {
  /** Holds the journal as a running collector does. Its last request was answered this long ago. */
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

  test('an org with a token is asked within the shared budget', async () => {
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
    ['has another clock, or has not asked for long', 7_200_000, 'not-checked collector-silent'],
    ['has a clock that is ahead', -7_200_000, 'not-checked collector-silent'],
    ['has not asked yet', null, 'not-checked collector-silent'],
  ])('that %s, nothing is sent', async (_, answeredAgoMs, expected) => {
    const place = await world()
    await collecting(place, answeredAgoMs)
    const consultation = await place.consult()

    expect(consultation.found('limits')).toBe(expected)
    expect(place.simulator.ledger.requests).toEqual([])
  })

  test('tokens that it renews are not renewed again; the stored sign-in is checked', async () => {
    const place = await world({ renewing: true, signIn: { rotation: 'at-once' } })
    await place.consult()
    const before = place.simulator.ledger.tokenRequests.length
    const journal = await collecting(place, null)
    const behind = await place.consult()
    const limited = { kind: 'limited', answeredAtMs: Date.now(), retryAfterMs: null } as const
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
      budget: {
        credential: 'acme',
        change: (budget) => budgetAfter(budget, '', limited, terms, limited.answeredAtMs),
      },
    })
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
    ['ended', { refreshTokenEndsAtMs: 1 }, 'problem refresh-token-ended'],
    ['not renewed', { accessTokenEndsAtMs: 1 }, 'problem not-renewed'],
    ['expiring soon', { refreshTokenEndsAtMs: Date.now() + 9e8 }, 'warning refresh-token-ends-soon'],
  ])('a stored sign-in is checked: %s', async (_, content, expected) => {
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

  test('a sink that passes its own check but has waiting records is behind', async () => {
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

  test('records that a sink refused or never got are reported', async () => {
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

  test('a request that a crash left without an answer is given up if no collector runs', async () => {
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
})
