import { blameWindow, maxPauseIntervals } from './apply-failed.ts'
import type { RefusedEvent } from './collect-event.ts'
import { mayBeTooOld, minRetentionShare, minWindowShare, withLearned } from './learned-terms.ts'
import type { Moment } from './moment.ts'
import { canResume } from './next-step.ts'
import { abandonReading, type OrgState, type Reading } from './org-state.ts'
import { maxClockMarginMs, readableSpan } from './readable-span.ts'
import { deriveSchedule, type Terms } from './terms.ts'
import { limitWindows, shortestLimitSec } from './window-limit.ts'

/** The number of consecutive refused windows after which each refusal is followed by a pause. */
const windowGuesses = 8

/** Returns the state after the API refused a request. */
export function applyRefused(state: OrgState, event: RefusedEvent, configured: Terms, at: Moment): OrgState {
  const terms = withLearned(configured, state.progress.learned)
  const { reading } = state
  const failures = state.failures + 1
  const isWindow = event.reason === 'window' && reading !== null
  // A page link may be refused because its start is too old by now. The window's own times were accepted
  // before.
  if (isWindow && reading.link !== null) {
    const noted = canResume(reading) ? state : blameWindow(state, 'size', terms, at)
    return { ...abandonReading(noted), failures }
  }
  const learned = isWindow ? learnFromRefusal(state, reading, configured, at) : state
  const guessing = isWindow && failures <= windowGuesses
  return {
    ...abandonReading(learned),
    failures,
    waitUntilMs: guessing ? 0 : at.nowMs + maxPauseIntervals * deriveSchedule(terms).perMs,
  }
}

/**
 * Adapts to a refused window. The cause can be the server's clock, the length of the window, its start, or a
 * second that the API cannot serve. A value that the API accepted before rules out a cause, but these values
 * are lost in a restart. If neither the clock nor a known length explains the refusal, the window is
 * therefore divided like a failed one, even if other causes remain. Each remaining cause is acted on. If only
 * one term remains, and the API served the previous request, that term is tighter than configured.
 */
function learnFromRefusal(state: OrgState, reading: Reading, configured: Terms, at: Moment): OrgState {
  const terms = withLearned(configured, state.progress.learned)
  const { accepted } = state
  const { window } = reading
  const { fromSec: oldestSec, toSec: headSec } = readableSpan(state, terms, at.nowMs)
  const lengthSec = window.toSec - window.fromSec
  const ageSec = headSec - window.fromSec
  const isNew = (headSec - window.toSec) * 1_000 < 2 * maxClockMarginMs(terms)
  // If a window of only the newest seconds is refused, records take longer to settle.
  const isShort = lengthSec * 1_000 <= maxClockMarginMs(terms)
  const maxMarginMs = isShort ? terms.stream.retentionMs / 8 : maxClockMarginMs(terms)
  const mayBeClock = isNew && state.marginMs < maxMarginMs
  const mayBeLength = lengthSec > accepted.lengthSec && lengthSec > shortestLimitSec(terms)
  const mayBeAge = ageSec > accepted.ageSec && mayBeTooOld(ageSec, terms)
  const isLimited = mayBeLength && !(mayBeClock && isShort)
  const limited = isLimited ? limitWindows(state, Math.floor(lengthSec / 2), terms) : state
  if (mayBeClock) return widerMargin(limited, maxMarginMs)
  // At the old end, the clock explains the refusal. If an accepted length is known, shorter windows show
  // whether the length was the cause.
  const isOldest = (window.fromSec - oldestSec) * 1_000 < maxClockMarginMs(terms)
  const isExplained = (mayBeAge && isOldest) || (mayBeLength && accepted.lengthSec > 0)
  const blamed = isExplained ? limited : blameWindow(limited, 'refusal', terms, at)
  if (mayBeAge) return learnAge(blamed, configured, at.nowMs)
  // Every value was accepted before: either the terms have changed, or the fault is in this window.
  if (!mayBeLength) return { ...blamed, marginMs: 0, accepted: { lengthSec: 0, ageSec: 0 } }
  const maxWindowMs = 1_000 * Math.max(accepted.lengthSec, Math.floor(lengthSec / 2))
  const isPlausible = maxWindowMs >= configured.stream.maxWindowMs * minWindowShare
  return state.failures === 0 && isPlausible ? learn(limited, { maxWindowMs }, at.nowMs) : blamed
}

/**
 * Handles a start that is too old: first widens the margin, then learns a shorter retention than documented,
 * in steps that double.
 */
function learnAge(state: OrgState, configured: Terms, nowMs: number): OrgState {
  const terms = withLearned(configured, state.progress.learned)
  const { perMs } = deriveSchedule(terms)
  const isServed = state.failures === 0
  const ageRefusals = state.ageRefusals + 1
  const stepMs = perMs * 2 ** (ageRefusals - marginRefusals - 1)
  if (ageRefusals <= marginRefusals || !isServed) {
    return {
      ...widerMargin(state, maxClockMarginMs(terms)),
      ageRefusals: isServed ? ageRefusals : state.ageRefusals,
    }
  }
  const minMs = configured.stream.retentionMs * minRetentionShare
  const retentionMs = Math.max(minMs, terms.stream.retentionMs - stepMs)
  return { ...learn(state, { retentionMs }, nowMs), ageRefusals }
}

/** How many refusals of an old start are attributed to clock differences. */
const marginRefusals = 3

function widerMargin(state: OrgState, maxMs: number): OrgState {
  const marginMs = Math.min(Math.max(1_000, 2 * state.marginMs), maxMs)
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
