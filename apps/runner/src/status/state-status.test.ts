import type { ReportedState } from '@cdrstream/journal-sqlite'
import { describe, expect, it } from 'vitest'
import { stateRows } from './show-state.ts'
import { reportingOf, stateStatus } from './state-status.ts'

const nowMs = Date.UTC(2026, 10, 24, 12)
const paused: ReportedState = {
  subject: 'sink',
  name: 'search',
  state: 'paused',
  sinceMs: nowMs - 60_000,
  code: 'forbidden',
  cause: 'no privilege',
  remedy: 'grant it',
  nextTryMs: nowMs + 20_000,
  leftBefore: null,
}

/** Times are in seconds before now. */
function state(options: { reported?: number; collectorSince?: number; states?: readonly ReportedState[] }) {
  const { reported, collectorSince, states = [paused] } = options
  const atMs = reported === undefined ? null : nowMs - reported * 1_000
  const holder =
    collectorSince === undefined ? undefined : { pid: 7, host: 'h', sinceMs: nowMs - collectorSince * 1_000 }
  return stateStatus('sink', 'search', reportingOf({ atMs, states }, holder, nowMs))
}

describe("a sink's state", () => {
  it('is the state that the running collector reported', () => {
    expect(state({ reported: 5, collectorSince: 3_600 })).toEqual({
      state: 'paused',
      since: '2026-11-24T11:59:00.000Z',
      code: 'forbidden',
      cause: 'no privilege',
      remedy: 'grant it',
      nextTryAt: '2026-11-24T12:00:20.000Z',
      last: null,
    })
  })

  it('is waiting without a collector, and includes the last reported state', () => {
    expect(state({ reported: 600 })).toMatchObject({
      state: 'waiting',
      code: 'no-collector',
      since: '2026-11-24T11:50:00.000Z',
      last: { state: 'paused', code: 'forbidden' },
    })
    expect(state({ states: [] })).toMatchObject({ code: 'no-collector', since: null, last: null })
  })

  it('is waiting while the collector does not report, because it may be stuck', () => {
    expect(state({ reported: 61, collectorSince: 3_600 })).toMatchObject({
      state: 'waiting',
      code: 'no-report',
      last: { state: 'paused' },
    })
  })

  it('is starting until the collector has reported, regardless of earlier collectors', () => {
    expect(state({ reported: 600, collectorSince: 5 })).toMatchObject({ code: 'starting', last: null })
    expect(state({ reported: 4, collectorSince: 5, states: [] })).toMatchObject({ code: 'starting' })
  })

  it('is not loaded if the sink was configured after the collector started', () => {
    expect(state({ reported: 5, collectorSince: 3_600, states: [] })).toMatchObject({
      state: 'waiting',
      code: 'not-loaded',
      remedy: 'Run `cdrstream reload`.',
    })
  })

  it('is shown in 80 columns, with the cause and the remedy', () => {
    const status = {
      ...state({ reported: 5, collectorSince: 3_600 }),
      remedy: `${'word '.repeat(40)}${'z'.repeat(90)}`,
    }
    const rows = stateRows(status, { left: 9, perSecond: 1, etaSeconds: 9 }, '2026-11-24T12:00:00.000Z')
    expect(rows.slice(0, 2)).toEqual([
      '  state      paused (forbidden) for 60 s; next try in 20 s; done in about 9 s',
      '  cause      no privilege',
    ])
    expect(rows.filter((row) => row.length > 80)).toEqual([])
    expect(rows.join('').match(/z/g)).toHaveLength(90)
  })
})
