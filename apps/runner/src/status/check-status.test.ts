import { defaultTerms } from '@cdrstream/core'
import { describe, expect, it } from 'vitest'
import { checkLine, checkStatus } from './check-status.ts'
import type { CoverageStatus, OrgStatus, SinkStatus, StateStatus, Status } from './status.ts'
import { summarizeStatus, worstOrgsFirst } from './summarize-status.ts'

const at = '2026-11-24T12:00:00.000Z'
const hourSec = 3_600
const fine: StateStatus = {
  state: 'ok',
  since: at,
  code: null,
  cause: null,
  remedy: null,
  nextTryAt: null,
  last: null,
}
const paused: StateStatus = { ...fine, state: 'paused', code: 'forbidden', remedy: 'grant it' }

const readCoverage: CoverageStatus = {
  origin: '2026-11-24T00:00:00.000Z',
  completeThrough: '2026-11-24T11:58:46.000Z',
  newestRead: '2026-11-24T11:58:46.000Z',
  newestReadAgeSeconds: 74,
  unreadSeconds: 14,
  oldestUnreadExpiresInSeconds: 11 * hourSec,
  gapSeconds: 0,
  gaps: [],
  doubtfulSeconds: 0,
  readSeconds: 0,
  finalSeconds: 0,
  auditedThrough: at,
}

function org(name: string, state = fine, coverage: Partial<CoverageStatus> | null = {}): OrgStatus {
  return {
    name,
    state,
    catchUp: null,
    coverage: coverage && { ...readCoverage, ...coverage },
    quarantined: 0,
    budget: {
      credential: name,
      initialRequestsLeft: 1,
      pageRequestsLeft: 10,
      pushedBackUntil: null,
      pushedBackInARow: 0,
      sharedSince: null,
    },
    signIn: {
      state: 'fixed',
      accessTokenEndsAt: null,
      refreshTokenEndsAt: null,
      refreshTokenEndsInDays: null,
      renewedAt: null,
    },
  }
}

function sink(name: string, more: Partial<SinkStatus> = {}): SinkStatus {
  return {
    name,
    state: fine,
    catchUp: null,
    position: 1,
    lagRecords: 0,
    lagSeconds: 0,
    lostRecords: 0,
    lostAt: null,
    quarantined: 0,
    ...more,
  }
}

function status(more: Partial<Status> = {}): Status {
  return {
    at,
    collector: { pid: 7, host: 'h', since: '2026-11-24T11:00:00.000Z' },
    reportedAt: at,
    orgs: [org('acme')],
    sinks: [sink('files')],
    journal: { path: '/x.db', end: 1, records: 1, quarantined: 0, bytes: 1, roomBytes: 1e12 },
    ...more,
  }
}

function check(more: Partial<Status> = {}, maxLagMs = 600_000) {
  const found = status(more)
  const problems = checkStatus(found, { maxLagMs, terms: defaultTerms, minFreeDiskBytes: 512e6 })
  return {
    codes: problems.map(({ code, name }) => (name === null ? code : `${code} ${name}`)),
    line: checkLine(problems, found),
  }
}

describe('a check', () => {
  it('is ok if no action is required', () => {
    expect(check()).toEqual({
      codes: [],
      line: 'ok: 1 org, 1 sink; newest second read is 74 s old, largest sink lag 0 s',
    })
  })

  it.each<[string, Partial<Status>, string]>([
    ['no collector is running', { collector: null }, 'no-collector'],
    [
      'the collector has stopped reporting',
      {
        sinks: [sink('files', { state: { ...fine, state: 'waiting', code: 'no-report', cause: 'c' } })],
      },
      'no-report',
    ],
    ['a sink is paused', { sinks: [sink('files', { state: paused })] }, 'paused files'],
    ['an org is paused', { orgs: [org('acme', paused)] }, 'paused acme'],
    [
      'an unread second expires within an hour',
      { orgs: [org('acme', fine, { oldestUnreadExpiresInSeconds: hourSec - 1 })] },
      'deadline acme',
    ],
    [
      'there is a gap that the feed can fill',
      {
        orgs: [
          org('acme', fine, { gaps: [{ from: '2026-11-01T00:00:00.000Z', to: '2026-11-01T01:00:00.000Z' }] }),
        ],
      },
      'gap acme',
    ],
    [
      'a sink lost records',
      { sinks: [sink('files', { lostRecords: 3, lostAt: '2026-11-20T00:00:00.000Z' })] },
      'records-lost files',
    ],
    ['an org lags', { orgs: [org('acme', fine, { newestReadAgeSeconds: 601 })] }, 'lag acme'],
    ['nothing has been read for an hour', { orgs: [org('acme', fine, null)] }, 'lag acme'],
    ['a sink lags', { sinks: [sink('files', { lagRecords: 9, lagSeconds: 601 })] }, 'lag files'],
    ['the disk is nearly full', { journal: { ...status().journal, roomBytes: 500e6 } }, 'disk-space'],
    ['the disk is full', { journal: { ...status().journal, roomBytes: 0 } }, 'disk-space'],
  ])('fails if %s', (_, more, expected) => {
    const { codes, line } = check(more)
    expect(codes).toEqual([expected])
    expect(line).toMatch(/^problem: /)
    expect(line).not.toContain('\n')
  })

  it('does not fail for gaps that can no longer be filled', () => {
    const gaps = [{ from: '2026-09-01T00:00:00.000Z', to: '2026-09-01T01:00:00.000Z' }]
    expect(check({ orgs: [org('acme', fine, { gapSeconds: hourSec, gaps })] }).codes).toEqual([])
  })

  it('compares lag with the given limit', () => {
    expect(check({ sinks: [sink('files', { lagSeconds: 601 })] }, 1_200_000).codes).toEqual([])
    expect(check({}, 60_000).codes).toEqual(['lag acme'])
  })

  it('lists one problem of each kind, the most urgent kind first', () => {
    const orgs = [org('acme', paused), org('globex', paused)]
    const { line } = check({ orgs, collector: null })
    expect(line).toBe(
      'problem: no collector is running; org acme is paused (forbidden): grant it (and 1 more like it)',
    )
  })

  it('still reports a sink that was paused when the collector stopped', () => {
    const { last: _, ...known } = paused
    const state: StateStatus = { ...fine, state: 'waiting', code: 'no-collector', last: known }
    expect(check({ collector: null, sinks: [sink('files', { state })] }).codes).toEqual([
      'no-collector',
      'paused files',
    ])
  })
})

describe('the summary of many orgs', () => {
  it('counts them by state and lists the worst first', () => {
    const orgs = [...Array.from({ length: 9 }, (_, index) => org(`o${index}`)), org('bad', paused)]
    expect(summarizeStatus({ orgs, sinks: [sink('files')] })).toBe(
      '10 orgs: 1 paused (bad), 9 ok; 1 sink: 1 ok',
    )
  })

  it('orders orgs by state, then by earliest expiry', () => {
    const soon = org('soon', fine, { oldestUnreadExpiresInSeconds: 60 })
    const nothing = org('nothing', fine, { oldestUnreadExpiresInSeconds: null })
    const orgs = [nothing, org('acme'), soon, org('none', fine, null), org('bad', paused)]
    expect(worstOrgsFirst(orgs).map(({ name }) => name)).toEqual(['bad', 'soon', 'acme', 'nothing', 'none'])
  })
})
