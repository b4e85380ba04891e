import { doubtCoverage, raiseCoverage, recordGap } from './coverage.ts'
import { canResume } from './next-step.ts'
import { abandonReading, type OrgState, type Reading } from './org-state.ts'
import type { PlannedWindow } from './plan-window.ts'
import type { Progress } from './progress.ts'
import { readableSpan } from './readable-span.ts'
import { learnServerClock } from './server-clock.ts'
import { settleOrigin } from './settle-origin.ts'
import { type Span, subtractSpan } from './span.ts'
import { deriveSchedule, type Terms } from './terms.ts'

/** What happened to an org. */
export type CollectEvent = AskedEvent | PageEvent | LimitedEvent | RefusedEvent | FailedEvent

/** The initial request of this window is about to be sent. */
export interface AskedEvent extends PlannedWindow {
  readonly kind: 'asked'
}

/** When the answer was asked for, came, and was written by the server's clock; for the events that an answer brings. */
interface Answered {
  readonly server?:
    | { readonly dateMs: number; readonly sentAtMs: number; readonly answeredAtMs: number }
    | undefined
}

export interface PageEvent extends Answered {
  readonly kind: 'page'
  /** All items of the page, whatever they are. */
  readonly items: number
  /** How many of them the page before had too: the boundary second is repeated. */
  readonly repeated: number
  readonly next: {
    readonly query: string
    readonly resumeMs: number | null
    readonly totalCount: number | null
  } | null
}

/** 429. The push-back itself is in the budget. */
export interface LimitedEvent extends Answered {
  readonly kind: 'limited'
}

export interface RefusedEvent extends Answered {
  readonly kind: 'refused'
  /** `window`: the times were not accepted, so our idea of the server's clock may be wrong. */
  readonly reason: 'window' | 'other'
}

export interface FailedEvent extends Answered {
  readonly kind: 'failed'
  /** The window may have been too much for the server, or for us. */
  readonly forItsSize: boolean
  readonly retryAfterMs: number | null
}

/** The state after the event. */
export function applyEvent(state: OrgState, event: CollectEvent, terms: Terms, nowMs: number): OrgState {
  const timed = learnTime(state, event)
  const isSettled = !timed.server.presumed || event.kind === 'page'
  const after = applyKind(isSettled ? settleOrigin(timed, terms, nowMs) : timed, event, terms, nowMs)
  // Our clock may be wrong by days when we start: only an answer can tell that something has expired.
  return after.server.presumed && event.kind !== 'page' ? after : recordExpired(after, terms, nowMs)
}

function applyKind(state: OrgState, event: CollectEvent, terms: Terms, nowMs: number): OrgState {
  switch (event.kind) {
    case 'asked':
      return applyAsked(state, event)
    case 'page':
      return applyPage(state, event, terms, nowMs)
    case 'limited':
      // A window whose pages have begun is resumed when the budget allows.
      return state.reading?.link === null ? { ...state, reading: null } : state
    case 'refused':
      return applyRefused(state, event, terms, nowMs)
    case 'failed':
      return applyFailed(state, event, terms, nowMs)
  }
}

/** Only what the API itself must have written tells its time: a failure may come from a gateway or a proxy. */
function learnTime(state: OrgState, event: CollectEvent): OrgState {
  const isOfTheApi = event.kind === 'page' || (event.kind === 'refused' && event.reason === 'window')
  if (!isOfTheApi || event.server === undefined) return state
  const { dateMs, sentAtMs, answeredAtMs } = event.server
  return { ...state, server: learnServerClock(state.server, dateMs, sentAtMs, answeredAtMs) }
}

function applyAsked(state: OrgState, event: AskedEvent): OrgState {
  const { purpose, window, deep } = event
  const { progress } = state
  return {
    ...abandonReading(state),
    progress: {
      ...progress,
      deepAtSec: deep ? window.toSec : progress.deepAtSec,
    },
    previous: purpose,
    sinceHead: purpose === 'head' ? 0 : state.sinceHead + 1,
    reading: { purpose, window, link: null, readToSec: window.fromSec, items: 0, totalCount: null },
  }
}

function applyPage(state: OrgState, event: PageEvent, terms: Terms, nowMs: number): OrgState {
  const before = state.reading
  if (before === null) return state
  const { next } = event
  if (next !== null && next.query === before.link) {
    // The same link for ever: the window cannot be read like this.
    return applyFailed(state, { kind: 'failed', forItsSize: true, retryAfterMs: null }, terms, nowMs)
  }
  const totalCount = next?.totalCount ?? null
  const reading: Reading = {
    ...before,
    link: next?.query ?? null,
    readToSec: readTo(before, next),
    items: before.items + event.items - event.repeated,
    totalCount: totalCount === null ? before.totalCount : Math.max(totalCount, before.totalCount ?? 0),
  }
  const healthy: OrgState = {
    ...state,
    progress: coverReading(state.progress, reading),
    recordsPerSec: learnRate(state.recordsPerSec, reading, next === null),
    marginMs: state.marginMs < 100 ? 0 : state.marginMs * marginDecay,
    failures: 0,
    waitUntilMs: 0,
  }
  if (next !== null) return { ...healthy, reading }
  return {
    ...healthy,
    progress: checkComplete(healthy.progress, reading, event, state.hadItems, terms),
    hadItems: reading.items > 0 ? reading.window : state.hadItems,
    reading: null,
    headCutShort: reading.purpose === 'head' ? false : state.headCutShort,
    windowLimitSec: widerLimit(state.windowLimitSec, terms),
  }
}

/** A margin that once was needed is forgotten over hours, so that a wrong guess does not cost freshness for ever. */
const marginDecay = 0.99

function readTo(reading: Reading, next: PageEvent['next']): number {
  if (next === null) return reading.window.toSec
  if (next.resumeMs === null) return reading.readToSec
  const resumeSec = Math.floor(next.resumeMs / 1_000)
  return Math.max(reading.readToSec, Math.min(resumeSec, reading.window.toSec))
}

function coverReading(progress: Progress, reading: Reading): Progress {
  const read: Span = { fromSec: reading.window.fromSec, toSec: reading.readToSec }
  const audited = reading.purpose === 'audit' || read.toSec <= progress.auditedToSec
  return {
    ...progress,
    coverage: raiseCoverage(progress.coverage, read, audited ? 'final' : 'read'),
    auditedToSec: reading.purpose === 'audit' ? read.toSec : progress.auditedToSec,
    doubts: reading.purpose === 'doubt' ? subtractSpan(progress.doubts, read) : progress.doubts,
  }
}

/** A window that is not complete by its own count is doubtful, and read again once: never a loop. */
function checkComplete(
  progress: Progress,
  reading: Reading,
  event: PageEvent,
  hadItems: Span | null,
  terms: Terms,
): Progress {
  const { purpose, window, items, totalCount } = reading
  const short = totalCount !== null && items < totalCount
  // A page that is full to the brim, and no word of a next one: was the link lost?
  const brimful = totalCount === null && isPageSize(event.items, terms)
  // What the server had, it does not have any more, or it says so of another org or region.
  const emptied = items === 0 && hadItems !== null && contains(window, hadItems)
  if (!short && !brimful && !emptied) return progress
  const again = purpose === 'doubt' ? [] : brimful ? halves(window) : [window]
  return {
    ...progress,
    coverage: doubtCoverage(progress.coverage, window),
    doubts: [...progress.doubts, ...again],
  }
}

function contains(outer: Span, inner: Span): boolean {
  return outer.fromSec <= inner.fromSec && inner.toSec <= outer.toSec
}

/** The server adjusts `max` to 500 … 5,000 (api/webex-cdr-api.md, section 3). */
function isPageSize(items: number, terms: Terms): boolean {
  return items > 0 && (items === terms.pageSize || items === Math.min(Math.max(terms.pageSize, 500), 5_000))
}

function halves({ fromSec, toSec }: Span): readonly Span[] {
  const middleSec = Math.floor((fromSec + toSec) / 2)
  return middleSec > fromSec
    ? [
        { fromSec, toSec: middleSec },
        { fromSec: middleSec, toSec },
      ]
    : [{ fromSec, toSec }]
}

function learnRate(known: number | null, reading: Reading, complete: boolean): number | null {
  if (reading.purpose === 'audit' || reading.purpose === 'doubt') return known
  const { window, items, totalCount } = reading
  const count = complete ? items : totalCount
  if (count === null) return known
  const recordsPerSec = count / (window.toSec - window.fromSec)
  return known === null ? recordsPerSec : (known + recordsPerSec) / 2
}

function applyRefused(state: OrgState, event: RefusedEvent, terms: Terms, nowMs: number): OrgState {
  const { perMs } = deriveSchedule(terms)
  const failures = state.failures + 1
  // A page link may be refused because its start has aged; the window's own times were accepted before.
  const link = state.reading?.link ?? null
  if (event.reason === 'window' && link !== null) {
    return { ...abandonReading(limitWindow(state, false)), failures }
  }
  const marginMs = Math.min(Math.max(1_000, 2 * state.marginMs), 2 * perMs)
  const guessing = event.reason === 'window' && failures <= windowGuesses
  return {
    ...abandonReading(state),
    failures,
    marginMs: guessing ? marginMs : state.marginMs,
    waitUntilMs: guessing ? 0 : nowMs + longestPausePers * perMs,
  }
}

/** After so many refused windows in a row it is not the clock. */
const windowGuesses = 8
const longestPausePers = 5

function applyFailed(state: OrgState, event: FailedEvent, terms: Terms, nowMs: number): OrgState {
  const { perMs } = deriveSchedule(terms)
  const failures = state.failures + 1
  const pausePers = failures === 1 ? 0 : Math.min(2 ** (failures - 2), longestPausePers)
  const askedForMs = Math.min(event.retryAfterMs ?? 0, longestPausePers * perMs)
  return {
    ...abandonReading(limitWindow(state, event.forItsSize)),
    failures,
    waitUntilMs: nowMs + Math.max(pausePers * perMs, askedForMs),
  }
}

/** Halves the windows to come if this one was too much, or could not be followed to its end. */
function limitWindow(state: OrgState, forItsSize: boolean): OrgState {
  const { reading } = state
  if (reading === null || (canResume(reading) && !forItsSize)) return state
  if (reading.link === null && !forItsSize) return state
  const lengthSec = reading.window.toSec - reading.window.fromSec
  return { ...state, windowLimitSec: Math.max(1, Math.floor(lengthSec / 2)) }
}

function widerLimit(limitSec: number | null, terms: Terms): number | null {
  if (limitSec === null || limitSec * 2 >= terms.stream.maxWindowMs / 1_000) return null
  return limitSec * 2
}

/** What has expired unread is a gap from now on, and doubts that have expired cannot be cleared any more. */
function recordExpired(state: OrgState, terms: Terms, nowMs: number): OrgState {
  const { progress } = state
  const readable = readableSpan(state, terms, nowMs)
  const coverage = recordGap(progress.coverage, { fromSec: progress.originSec, toSec: readable.fromSec })
  const doubts = progress.doubts.filter(({ toSec }) => toSec > readable.fromSec)
  return { ...state, progress: { ...progress, coverage, doubts } }
}
