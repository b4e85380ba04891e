import type { Span, Terms } from '@cdrstream/core'
import { allowedAtMs, type Budget, budgetAfter, giveUpSlot, reserveSlot } from '@cdrstream/core/budget'
import {
  type Answer,
  type FailedAnswer,
  JournalFullError,
  type Platform,
  type ReadyRequest,
  type RefusedAnswer,
  type Source,
} from '@cdrstream/engine'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'

export interface AskOnceOptions {
  readonly journal: Pick<SqliteJournal, 'budget' | 'changeBudget'>
  readonly credential: string
  readonly source: Source
  readonly terms: Terms
  readonly platform: Pick<Platform, 'clock' | 'newId'>
  /** Whether a collector is running and owns the budget. */
  readonly besideCollector: boolean
  /** Whether to wait until the budget allows the request: a little more than a minute at most. */
  readonly wait: boolean
  /** Called once if there is a wait, with null if its length is unknown. */
  readonly waiting: (freeInMs: number | null) => void
}

export type Asked =
  | {
      readonly kind: 'answered'
      readonly answer: Answer<undefined>
      readonly sentAtMs: number
      /** How many responses in a row were 429, including this one. */
      readonly limitedInARow: number
    }
  /** There is no token, so no request was sent. */
  | { readonly kind: 'no-token'; readonly answer: RefusedAnswer | FailedAnswer }
  | NotAsked

export interface NotAsked {
  readonly kind: 'not-asked'
  /**
   * - `spent`: the budget did not allow it
   * - `pushed-back`: a 429 forbids it
   * - `collector-silent`: the collector has sent nothing for so long that its clock might differ from ours
   * - `journal-full`: the request could not be counted
   * - `stopped`: the signal was aborted
   */
  readonly reason: 'spent' | 'pushed-back' | 'collector-silent' | 'journal-full' | 'stopped'
  /** How many milliseconds until the budget allows it, or null if unknown. */
  readonly freeInMs: number | null
}

/**
 * Returns how long to wait for the response headers, and again for the body: 30 s, or less if the terms are
 * faster.
 */
export function askTimeoutMs({ initialRequests }: Terms): number {
  return Math.max(2_000, Math.min(30_000, initialRequests.perMs / 2))
}

const pageSize = 500

/**
 * Sends at most one initial request, for a small window that is certainly readable. Its slot is stored in the
 * journal before it is sent. Until the response arrives, the slot counts from a time when the request has
 * certainly ended, so that a killed doctor does not hold up the collector.
 */
export async function askOnce(options: AskOnceOptions, signal: AbortSignal): Promise<Asked> {
  const prepared = await options.source.prepare(signal)
  if (signal.aborted) return { kind: 'not-asked', reason: 'stopped', freeInMs: null }
  if (prepared.kind !== 'ready') return { kind: 'no-token', answer: prepared }
  try {
    const slot = await takeSlot(options, signal)
    return typeof slot === 'string' ? await ask(slot, prepared, options, signal) : slot
  } catch (error) {
    if (!(error instanceof JournalFullError)) throw error
    return { kind: 'not-asked', reason: 'journal-full', freeInMs: null }
  }
}

async function takeSlot(options: AskOnceOptions, signal: AbortSignal): Promise<string | NotAsked> {
  const { journal, credential, terms, platform, besideCollector, wait, waiting } = options
  const { clock } = platform
  const { perMs } = terms.initialRequests
  const giveUpAtMs = clock.nowMs() + (wait ? Math.max(1.25 * perMs, 10_000) : 0)
  const id = platform.newId()
  let said = false
  for (;;) {
    if (signal.aborted) return { kind: 'not-asked', reason: 'stopped', freeInMs: null }
    const nowMs = clock.nowMs()
    const reserved = await journal.changeBudget(credential, (budget) => {
      if (besideCollector && !isOurClock(budget, terms, nowMs)) return undefined
      const taken = reserveSlot(budget, 'initial', id, terms, nowMs)
      return taken && giveUpSlot(taken, id, terms, nowMs + askTimeoutMs(terms))
    })
    if (reserved !== undefined) return id
    const budget = await journal.budget(credential)
    const isSilent = besideCollector && !isOurClock(budget, terms, nowMs)
    const freeAtMs = isSilent ? Number.POSITIVE_INFINITY : allowedAtMs(budget, 'initial', terms)
    const freeInMs = Number.isFinite(freeAtMs) ? Math.max(0, freeAtMs - nowMs) : null
    if (nowMs >= giveUpAtMs || (freeInMs !== null && freeAtMs > giveUpAtMs)) {
      const pushedBack = budget.notBeforeMs > nowMs
      const reason = pushedBack ? 'pushed-back' : isSilent ? 'collector-silent' : 'spent'
      return { kind: 'not-asked', reason, freeInMs: pushedBack ? budget.notBeforeMs - nowMs : freeInMs }
    }
    if (!said) waiting(freeInMs)
    said = true
    // Other processes can also use the budget, so the time can change in either direction.
    const untilMs = Math.min(freeAtMs, giveUpAtMs, nowMs + perMs / 4)
    await clock.sleep(Math.max(1, untilMs - nowMs), signal)
  }
}

/**
 * Returns whether the running collector's slots match our clock. The collector's clock is monotonic, so it
 * differs from ours if the system clock was changed after the collector started. Our slot could then exceed
 * the limit or block the collector. A collector that can send requests sends one at least every five minutes.
 */
function isOurClock({ slots }: Budget, { initialRequests }: Terms, nowMs: number): boolean {
  const earliestMs = nowMs - 10 * initialRequests.perMs
  const latestMs = nowMs + initialRequests.perMs
  return slots.some(
    ({ kind, countsFromMs }) =>
      kind === 'initial' && countsFromMs !== null && countsFromMs >= earliestMs && countsFromMs <= latestMs,
  )
}

async function ask(
  slot: string,
  ready: ReadyRequest,
  { journal, credential, terms, platform }: AskOnceOptions,
  signal: AbortSignal,
): Promise<Asked> {
  const sentAtMs = platform.clock.nowMs()
  const request = {
    kind: 'initial',
    window: readableWindow(terms, sentAtMs),
    max: Math.min(pageSize, terms.pageSize),
  } as const
  const answer = await ready.send(request, () => undefined, signal)
  const endedAtMs = platform.clock.nowMs()
  const settled = await journal.changeBudget(credential, (budget) =>
    budgetAfter(budget, slot, answer, terms, endedAtMs),
  )
  if (signal.aborted) return { kind: 'not-asked', reason: 'stopped', freeInMs: null }
  return { kind: 'answered', answer, sentAtMs, limitedInARow: settled?.limitedInARow ?? 0 }
}

/**
 * Returns a window in the middle of the readable span, so that a clock that is off by hours does not matter.
 */
function readableWindow({ stream }: Terms, nowMs: number): Span {
  const toSec = Math.floor((nowMs - stream.retentionMs / 2) / 1_000)
  const lengthMs = Math.min(60_000, stream.maxWindowMs, stream.retentionMs / 4)
  return { fromSec: toSec - Math.max(1, Math.floor(lengthMs / 1_000)), toSec }
}
