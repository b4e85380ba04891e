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
    const noted = canResume(reading) ? state : blameWindow(state, 'size', terms, nowMs)
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
 * Times are refused because the server's clock is not what we think, because the window is too long, because
 * it begins too early, or because it holds a second that the API cannot serve. What the API accepted before
 * rules causes out, but a process that restarts has forgotten it: so a window that neither the clock nor a
 * known length explains is divided like one that failed, whatever else remains. Each cause that remains is
 * acted on; where only one term remains, and the API served the request before, that term is known to be
 * tighter than configured.
 */
function learnFromRefusal(state: OrgState, reading: Reading, configured: Terms, nowMs: number): OrgState {
  const terms = withLearned(configured, state.progress.learned)
  const { accepted } = state
  const { window } = reading
  const { fromSec: oldestSec, toSec: headSec } = readableSpan(state, terms, nowMs)
  const lengthSec = window.toSec - window.fromSec
  const ageSec = headSec - window.fromSec
  const isNew = (headSec - window.toSec) * 1_000 < 2 * mostClockMarginMs(terms)
  // Where even the newest seconds alone are refused, it is the time that they take to settle.
  const isShort = lengthSec * 1_000 <= mostClockMarginMs(terms)
  const mostMarginMs = isShort ? terms.stream.retentionMs / 8 : mostClockMarginMs(terms)
  const mayBeClock = isNew && state.marginMs < mostMarginMs
  const mayBeLength = lengthSec > accepted.lengthSec && lengthSec > shortestLimitSec(terms)
  const mayBeAge = ageSec > accepted.ageSec && ageSec * 1_000 > terms.stream.retentionMs / 2
  const isLimited = mayBeLength && !(mayBeClock && isShort)
  const limited = isLimited ? limitWindows(state, Math.floor(lengthSec / 2), terms) : state
  if (mayBeClock) return widerMargin(limited, mostMarginMs)
  // At the old end the clock explains it, and where it is known which length the API accepts, shorter windows
  // show whether that was it.
  const isOldest = (window.fromSec - oldestSec) * 1_000 < mostClockMarginMs(terms)
  const isExplained = (mayBeAge && isOldest) || (mayBeLength && accepted.lengthSec > 0)
  const blamed = isExplained ? limited : blameWindow(limited, 'refusal', terms, nowMs)
  if (mayBeAge) return learnAge(blamed, configured, nowMs)
  // All of it was accepted before: the terms have changed, or it is this window.
  if (!mayBeLength) return { ...blamed, marginMs: 0, accepted: { lengthSec: 0, ageSec: 0 } }
  const maxWindowMs = 1_000 * Math.max(accepted.lengthSec, Math.floor(lengthSec / 2))
  const isPlausible = maxWindowMs >= configured.stream.maxWindowMs * leastWindow
  return state.failures === 0 && isPlausible ? learn(limited, { maxWindowMs }, nowMs) : blamed
}

/** Only a margin is missing at first; then the retention is shorter than told, by steps that double. */
function learnAge(state: OrgState, configured: Terms, nowMs: number): OrgState {
  const terms = withLearned(configured, state.progress.learned)
  const { perMs } = deriveSchedule(terms)
  const isServed = state.failures === 0
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
