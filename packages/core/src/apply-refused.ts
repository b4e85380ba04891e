import { blameWindow, longestPausePers } from './apply-failed.ts'
import type { RefusedEvent } from './collect-event.ts'
import { leastRetention, leastWindow, withLearned } from './learned-terms.ts'
import { canResume } from './next-step.ts'
import { abandonReading, type OrgState, type Reading } from './org-state.ts'
import { mostClockMarginMs, readableSpan } from './readable-span.ts'
import { deriveSchedule, type Terms } from './terms.ts'
import { limitWindows, shortestLimitSec } from './window-limit.ts'

/** After this many refused windows in a row, each is followed by a pause. */
const windowGuesses = 8

export function applyRefused(
  state: OrgState,
  event: RefusedEvent,
  configured: Terms,
  nowMs: number,
): OrgState {
  const terms = withLearned(configured, state.progress.learned)
  const { reading } = state
  const failures = state.failures + 1
  const isWindow = event.reason === 'window' && reading !== null
  // A page link may be refused because its start has aged; the window's own times were accepted before.
  if (isWindow && reading.link !== null) {
    const noted = canResume(reading) ? state : blameWindow(state, true, terms, nowMs)
    return { ...abandonReading(noted), failures }
  }
  const learned = isWindow ? learnFromRefusal(state, reading, configured, nowMs) : state
  const guessing = isWindow && failures <= windowGuesses
  return {
    ...abandonReading(learned),
    failures,
    waitUntilMs: guessing ? 0 : nowMs + longestPausePers * deriveSchedule(terms).perMs,
  }
}

/**
 * Times are refused because the server's clock is not what we think, because the window is too long, or
 * because it begins too early. What the API accepted before rules causes out. Each of those that remain is
 * acted on; where only one remains, and the API served the request before, the term is known to be tighter
 * than configured.
 */
function learnFromRefusal(state: OrgState, reading: Reading, configured: Terms, nowMs: number): OrgState {
  const terms = withLearned(configured, state.progress.learned)
  const { accepted } = state
  const { window } = reading
  const headSec = readableSpan(state, terms, nowMs).toSec
  const lengthSec = window.toSec - window.fromSec
  const ageSec = headSec - window.fromSec
  const isServed = state.failures === 0
  const isNew = (headSec - window.toSec) * 1_000 < 2 * mostClockMarginMs(terms)
  // Where even the newest seconds alone are refused, it is the time that they take to settle.
  const isShort = lengthSec * 1_000 <= mostClockMarginMs(terms)
  const mostMarginMs = isShort ? terms.stream.retentionMs / 8 : mostClockMarginMs(terms)
  const mayBeClock = isNew && state.marginMs < mostMarginMs
  const mayBeLength = lengthSec > accepted.lengthSec && lengthSec > shortestLimitSec(terms)
  const mayBeAge = ageSec > accepted.ageSec && ageSec * 1_000 > terms.stream.retentionMs / 2
  if (mayBeClock) {
    const wider = widerMargin(state, mostMarginMs)
    const shorter = mayBeLength && !isShort ? limitWindows(wider, Math.floor(lengthSec / 2), terms) : wider
    return state.failures < clockGuesses ? shorter : blameWindow(shorter, false, terms, nowMs)
  }
  if (mayBeLength) {
    const shorter = limitWindows(state, Math.floor(lengthSec / 2), terms)
    // Both at once: else the windows of the head, which are accepted, would lengthen again what is refused
    // for its age.
    if (mayBeAge) return learnAge(blameWindow(shorter, false, terms, nowMs), configured, isServed, nowMs)
    if (!isServed) return blameWindow(shorter, false, terms, nowMs)
    const maxWindowMs = 1_000 * Math.max(accepted.lengthSec, Math.floor(lengthSec / 2))
    const leastMs = configured.stream.maxWindowMs * leastWindow
    return maxWindowMs < leastMs
      ? blameWindow(shorter, false, terms, nowMs)
      : learn(shorter, { maxWindowMs }, nowMs)
  }
  if (mayBeAge) return learnAge(blameWindow(state, false, terms, nowMs), configured, isServed, nowMs)
  // All of it was accepted before: the terms have changed, or it is this window.
  const doubting = { ...state, marginMs: 0, accepted: { lengthSec: 0, ageSec: 0 } }
  return blameWindow(doubting, false, terms, nowMs)
}

const clockGuesses = 2

/** Only a margin is missing at first; then the retention is shorter than told, by steps that double. */
function learnAge(state: OrgState, configured: Terms, isServed: boolean, nowMs: number): OrgState {
  const terms = withLearned(configured, state.progress.learned)
  const { perMs } = deriveSchedule(terms)
  const ageRefusals = state.ageRefusals + 1
  const stepMs = perMs * 2 ** (ageRefusals - marginRefusals - 1)
  if (ageRefusals <= marginRefusals || !isServed) {
    return {
      ...widerMargin(state, mostClockMarginMs(terms)),
      ageRefusals: isServed ? ageRefusals : state.ageRefusals,
    }
  }
  const leastMs = configured.stream.retentionMs * leastRetention
  const retentionMs = Math.max(leastMs, terms.stream.retentionMs - stepMs)
  return { ...learn(state, { retentionMs }, nowMs), ageRefusals }
}

/** This many refusals of an old start are attributed to the clocks. */
const marginRefusals = 3

function widerMargin(state: OrgState, mostMs: number): OrgState {
  const marginMs = Math.min(Math.max(1_000, 2 * state.marginMs), mostMs)
  return marginMs > state.marginMs ? { ...state, marginMs } : state
}

function learn(
  state: OrgState,
  news: { readonly retentionMs?: number; readonly maxWindowMs?: number },
  nowMs: number,
): OrgState {
  const atMs = Math.floor(nowMs)
  const learned = { retentionMs: null, maxWindowMs: null, ...state.progress.learned, ...news, atMs }
  return { ...state, progress: { ...state.progress, learned } }
}
