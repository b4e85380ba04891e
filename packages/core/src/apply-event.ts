import { applyFailed } from './apply-failed.ts'
import { applyPage } from './apply-page.ts'
import { applyRefused } from './apply-refused.ts'
import { assert } from './assert.ts'
import type { AskedEvent, CollectEvent } from './collect-event.ts'
import { correctOrigin } from './correct-origin.ts'
import { recordGap } from './coverage.ts'
import type { Moment } from './moment.ts'
import { abandonReading, type OrgState } from './org-state.ts'
import { readableSpan } from './readable-span.ts'
import { learnServerClock } from './server-clock.ts'
import type { Terms } from './terms.ts'

/** Returns the state after the event. `chance`, from 0 to 1, spreads retries. */
export function applyEvent(
  state: OrgState,
  event: CollectEvent,
  terms: Terms,
  nowMs: number,
  chance = 1,
): OrgState {
  const timed = learnTime(state, event)
  const isTimeKnown = !timed.server.presumed || event.kind === 'page'
  const after = applyKind(isTimeKnown ? correctOrigin(timed, terms, nowMs) : timed, event, terms, {
    nowMs,
    chance,
  })
  // Our clock may be off by days at startup, so only a response can show that something has expired.
  return after.server.presumed && event.kind !== 'page' ? after : recordExpired(after, terms, nowMs)
}

function applyKind(state: OrgState, event: CollectEvent, terms: Terms, at: Moment): OrgState {
  switch (event.kind) {
    case 'asked':
      return applyAsked(state, event)
    case 'page':
      return applyPage(state, event, terms, at)
    case 'limited':
      // A window with at least one page read is resumed when the budget permits.
      return state.reading?.link === null ? { ...state, reading: null } : state
    case 'refused':
      return applyRefused(state, event, terms, at)
    case 'failed':
      return applyFailed(state, event, terms, at)
  }
}

/**
 * Learns the server's time only from responses that must come from the API itself: a failure may come from a
 * gateway or a proxy.
 */
function learnTime(state: OrgState, event: CollectEvent): OrgState {
  const isFromApi = event.kind === 'page' || (event.kind === 'refused' && event.reason === 'window')
  if (!isFromApi || event.server === undefined) return state
  return { ...state, server: learnServerClock(state.server, event.server) }
}

function applyAsked(state: OrgState, event: AskedEvent): OrgState {
  const { purpose, window, deep } = event
  assert(window.fromSec < window.toSec, 'the requested window is empty')
  const { progress } = state
  return {
    ...abandonReading(state),
    progress: {
      ...progress,
      deepAtSec: deep ? window.toSec : progress.deepAtSec,
    },
    previous: purpose,
    sinceHead: purpose === 'head' ? 0 : state.sinceHead + 1,
    sincePast: purpose === 'audit' || purpose === 'doubt' ? 0 : state.sincePast + 1,
    sinceUnserved: purpose === 'unserved' ? 0 : state.sinceUnserved + 1,
    reading: {
      purpose,
      window,
      link: null,
      readToSec: window.fromSec,
      pages: 0,
      items: 0,
      overlap: 0,
      totalCount: null,
    },
  }
}

/**
 * Turns unread seconds that have expired into gaps, and drops doubts and failures that have expired, since
 * they can no longer be cleared.
 */
function recordExpired(state: OrgState, terms: Terms, nowMs: number): OrgState {
  const { progress } = state
  const readable = readableSpan(state, terms, nowMs)
  const coverage = recordGap(progress.coverage, { fromSec: progress.originSec, toSec: readable.fromSec })
  const doubts = progress.doubts.filter(({ toSec }) => toSec > readable.fromSec)
  const unserved = progress.unserved?.filter(({ toSec }) => toSec > readable.fromSec)
  const { learned, ...rest } = { ...progress, coverage, doubts, ...(unserved && { unserved }) }
  const isKnown = learned !== undefined && nowMs - learned.atMs < terms.stream.retentionMs
  return { ...state, progress: isKnown ? { ...rest, learned } : rest }
}
