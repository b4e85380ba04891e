import { applyFailed } from './apply-failed.ts'
import { assert } from './assert.ts'
import { checkChains, checkComplete } from './check-complete.ts'
import type { PageEvent } from './collect-event.ts'
import { raiseCoverage } from './coverage.ts'
import { mayBeTooOld, withLearned } from './learned-terms.ts'
import type { Moment } from './moment.ts'
import { canResume } from './next-step.ts'
import type { OrgState, Reading } from './org-state.ts'
import type { Progress } from './progress.ts'
import { readableSpan } from './readable-span.ts'
import { type Span, subtractSpan } from './span.ts'
import type { Terms } from './terms.ts'
import { noteServed } from './unserved.ts'
import { limitWindows, type WindowLimit, widenLimit } from './window-limit.ts'

/** Returns the state after a page was read. */
export function applyPage(state: OrgState, event: PageEvent, terms: Terms, at: Moment): OrgState {
  const before = state.reading
  assert(before !== null, 'a page arrived while no window was being read')
  const { next } = event
  // The same link again means that the window cannot be read this way. After an empty page, the items may
  // only be late.
  if (next !== null && next.query === before.link && event.items > 0) return failToFollow(state, terms, at)
  const reading = nextReading(before, event)
  assert(reading.readToSec <= reading.window.toSec, 'the page reaches beyond its window')
  const healthy = servedState(state, reading, event, terms, at.nowMs)
  if (next !== null) {
    const following = { ...healthy, reading }
    return isEndless(reading, terms) ? failToFollow(following, terms, at) : following
  }
  return {
    ...healthy,
    progress: checkComplete(healthy.progress, reading, event, state.hadItems, terms),
    hadItems: reading.items > 0 ? reading.window : state.hadItems,
    reading: null,
    headCutShort: reading.purpose === 'head' ? false : state.headCutShort,
    windowLimit: nextLimit(state, reading, withLearned(terms, healthy.progress.learned)),
  }
}

function nextReading(before: Reading, event: PageEvent): Reading {
  const { next } = event
  const isFirst = before.pages === 0
  const totalCount = next?.totalCount ?? null
  return {
    ...before,
    link: next?.query ?? null,
    readToSec: readTo(before, next),
    pages: before.pages + 1,
    // Items that the first page shares with the previous window count for both.
    items: before.items + event.items - (isFirst ? 0 : event.repeated),
    overlap: isFirst ? event.repeated : before.overlap,
    totalCount: totalCount === null ? before.totalCount : Math.max(totalCount, before.totalCount ?? 0),
  }
}

function readTo(reading: Reading, next: PageEvent['next']): number {
  const { window, readToSec } = reading
  if (next === null) return window.toSec
  // More records exist, so a resume point at the end of the window does not show where they are.
  if (next.resumeMs === null || next.resumeMs >= window.toSec * 1_000) return readToSec
  return Math.max(readToSec, Math.floor(next.resumeMs / 1_000))
}

/** Returns the state updated with what every page shows, whether or not it is the last one. */
function servedState(
  state: OrgState,
  reading: Reading,
  event: PageEvent,
  terms: Terms,
  nowMs: number,
): OrgState {
  const { window } = reading
  const ageSec = readableSpan(state, terms, nowMs).toSec - window.fromSec
  const isOldest =
    ageSec > state.accepted.ageSec && mayBeTooOld(ageSec, withLearned(terms, state.progress.learned))
  const { chains, progress } = checkChains(state.chains, coverReading(state.progress, reading), reading)
  return {
    ...state,
    progress,
    chains,
    recordsPerSec: learnRate(state.recordsPerSec, reading, event.next === null),
    marginMs: state.marginMs < 100 ? 0 : state.marginMs * marginDecay,
    accepted: {
      lengthSec: Math.max(state.accepted.lengthSec, window.toSec - window.fromSec),
      ageSec: Math.max(state.accepted.ageSec, ageSec),
    },
    ageRefusals: isOldest ? 0 : state.ageRefusals,
    outage: null,
    failures: 0,
    waitUntilMs: 0,
  }
}

/** A margin decays over hours, so that one wrong guess does not cost freshness forever. */
const marginDecay = 0.99

function coverReading(progress: Progress, reading: Reading): Progress {
  const read: Span = { fromSec: reading.window.fromSec, toSec: reading.readToSec }
  const audited = reading.purpose === 'audit' || read.toSec <= progress.auditedToSec
  const { unserved } = progress
  return {
    ...progress,
    coverage: raiseCoverage(progress.coverage, read, audited ? 'final' : 'read'),
    auditedToSec: reading.purpose === 'audit' ? read.toSec : progress.auditedToSec,
    doubts: reading.purpose === 'doubt' ? subtractSpan(progress.doubts, read) : progress.doubts,
    ...(unserved && { unserved: noteServed(unserved, read) }),
  }
}

/**
 * Returns whether to stop following a window without a resume point: after about two minutes, or later for
 * the smallest window, because it cannot be divided.
 */
function isEndless(reading: Reading, terms: Terms): boolean {
  if (canResume(reading)) return false
  const perMinute = 1 + terms.pageRequests.count
  const isSmallest = reading.window.toSec - reading.window.fromSec === 1
  return reading.pages >= (isSmallest ? 10 : 2) * perMinute
}

function failToFollow(state: OrgState, terms: Terms, at: Moment): OrgState {
  return applyFailed(state, { kind: 'failed', blame: 'size', retryAfterMs: null }, terms, at)
}

function learnRate(known: number | null, reading: Reading, complete: boolean): number | null {
  const { purpose } = reading
  if (purpose === 'audit' || purpose === 'doubt' || purpose === 'unserved') return known
  const { window, items, totalCount } = reading
  const count = complete ? items : totalCount
  if (count === null) return known
  const recordsPerSec = count / (window.toSec - window.fromSec)
  return known === null ? recordsPerSec : (known + recordsPerSec) / 2
}

/**
 * Returns the window limit after a window was read. A window served after several others failed shows which
 * length the API can serve.
 */
function nextLimit(state: OrgState, { purpose, window }: Reading, terms: Terms): WindowLimit | null {
  const lengthSec = window.toSec - window.fromSec
  if (purpose === 'unserved' && state.failures > 2) return limitWindows(state, lengthSec, terms).windowLimit
  return widenLimit(state.windowLimit, lengthSec, terms)
}
