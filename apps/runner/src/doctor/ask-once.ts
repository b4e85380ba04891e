import {
  allowedAtMs,
  type Budget,
  budgetAfter,
  giveUpSlot,
  reserveSlot,
  type Span,
  type Terms,
} from '@cdrstream/core'
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
  /** Whether a collector runs, whose budget this is. */
  readonly besideCollector: boolean
  /** Whether to wait until the budget allows the request, for a little more than a minute. */
  readonly wait: boolean
  /** Called once, if there is a wait; null: nobody knows for how long. */
  readonly waiting: (freeInMs: number | null) => void
}

export type Asked =
  | {
      readonly kind: 'answered'
      readonly answer: Answer<undefined>
      readonly sentAtMs: number
      /** How many answers in a row were 429, this one among them. */
      readonly limitedInARow: number
    }
  /** No token could be had, so nothing was asked. */
  | { readonly kind: 'no-token'; readonly answer: RefusedAnswer | FailedAnswer }
  | NotAsked

export interface NotAsked {
  readonly kind: 'not-asked'
  /**
   * - `spent`: the budget did not allow it
   * - `pushed-back`: a 429 forbids it
   * - `collector-silent`: the collector has not asked for so long that nobody knows whether its clock is ours
   * - `journal-full`: the request could not be counted
   * - `stopped`: the signal was aborted
   */
  readonly reason: 'spent' | 'pushed-back' | 'collector-silent' | 'journal-full' | 'stopped'
  /** When the budget allows it, in milliseconds from now; null: not known. */
  readonly freeInMs: number | null
}

/** How long to wait for the headers of the answer, and as long again for its body: half a minute, less only of faster terms. */
export function askTimeoutMs({ initialRequests }: Terms): number {
  return Math.max(2_000, Math.min(30_000, initialRequests.perMs / 2))
}

const pageSize = 500

/**
 * Sends one initial request, and never more, for a small window that is certainly readable. Its slot is in the journal before it is sent;
 * so that a doctor which is killed holds up no collector, it counts from a time when the request has long ended, until it is answered.
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
    // The budget is another process's too: it may allow it earlier than it says now, or later.
    const untilMs = Math.min(freeAtMs, giveUpAtMs, nowMs + perMs / 4)
    await clock.sleep(Math.max(1, untilMs - nowMs), signal)
  }
}

/**
 * Whether what the running collector has stamped fits our clock. Its clock is steady, so it differs if somebody has set the system's since
 * it began: a slot of ours could then break the limit, or hold it up for as long. It asks every five minutes at least, if it can.
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

/** From the middle of what can be read: a clock that is off by hours is not refused for it. */
function readableWindow({ stream }: Terms, nowMs: number): Span {
  const toSec = Math.floor((nowMs - stream.retentionMs / 2) / 1_000)
  const lengthMs = Math.min(60_000, stream.maxWindowMs, stream.retentionMs / 4)
  return { fromSec: toSec - Math.max(1, Math.floor(lengthMs / 1_000)), toSec }
}
