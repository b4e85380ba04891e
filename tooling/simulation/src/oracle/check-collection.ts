import { type Progress, type Span, spansAtLevel, unreadSpans } from '@cdrstream/core'
import type { Behaviour, Ledger, LedgerEntry } from '@cdrstream/simulator'
import { time } from './check-marks.ts'
import type { Findings } from './findings.ts'
import { type InsertionSpan, isInserted } from './insertion-span.ts'
import type { JournalBook } from './journal-book.ts'

export interface CollectionFacts {
  readonly ledger: Ledger
  readonly book: JournalBook
  readonly findings: Findings
  /** The progress of the orgs that are configured at the end, by their first name. */
  readonly progress: ReadonlyMap<string, Progress>
  readonly behaviour: Behaviour
  readonly settleMs: number
  /**
   * Whether records that become visible after their second has settled must be found, because the audit had
   * enough time.
   */
  readonly lateVisible: boolean
  /** The spans in which records may expire before they can be read. */
  readonly mayExpire: readonly InsertionSpan[]
  /** The time that the first start reaches back to; no earlier records are promised. */
  readonly promisedSinceMs: number
  /** By org, the spans that a restored journal had not read yet, and that may expire before they are read. */
  readonly unreadInCopy: ReadonlyMap<string, readonly Span[]>
  /** The minimum time for which keys are remembered; undefined if longer than any run. */
  readonly rememberMs: number | undefined
}

/** Checks that everything that could be read is in the journal exactly once, or in a recorded gap. */
export function checkCollection(facts: CollectionFacts): void {
  const { ledger, book, findings, progress, mayExpire, promisedSinceMs, unreadInCopy } = facts
  const accepted = new Set(book.acceptances.map(({ org, content }) => `${org}|${content}`))
  for (const entry of ledger.entries.values()) {
    const ofOrg = progress.get(entry.org)
    if (ofOrg !== undefined) checkEntry(entry, ofOrg, accepted, facts)
  }
  for (const [org, { coverage }] of progress) {
    const explained = (unreadInCopy.get(org) ?? []).map((span) => ({ ...span, level: 'gap' as const }))
    const unexplained = spansAtLevel(coverage, 'gap').flatMap((gap) => unreadSpans(explained, gap))
    for (const gap of unexplained.map(inMs)) {
      // A wrong clock at the first start can make the origin too early (docs/decisions/0019-time.md).
      if (gap.toMs <= promisedSinceMs) continue
      if (mayExpire.some(({ fromMs, toMs }) => fromMs <= gap.fromMs && gap.toMs <= toMs)) continue
      findings.add('unexpected-gap', `${org}: ${time(gap.fromMs)} to ${time(gap.toMs)}`)
    }
  }
  checkAcceptedOnce(facts)
}

function checkEntry(
  entry: LedgerEntry,
  { originSec, coverage }: Progress,
  accepted: ReadonlySet<string>,
  facts: CollectionFacts,
): void {
  const { book, findings, behaviour, settleMs, lateVisible } = facts
  const { org, insertionMs, availableMs, shownMs, isRecord } = entry
  // Records older than the origin are never promised, and in a recorded gap records may be missing.
  const promised = { fromMs: originSec * 1_000, toMs: Number.POSITIVE_INFINITY }
  if (!isInserted(insertionMs, promised, behaviour)) return
  const gaps = spansAtLevel(coverage, 'gap').map(inMs)
  if (gaps.some((gap) => isInserted(insertionMs, gap, behaviour))) return
  if (!lateVisible && availableMs > insertionMs + settleMs) return
  const isKept =
    shownMs !== null &&
    (isRecord ? accepted.has(`${org}|${entry.content}`) : book.hasNotRecord(org, entry.content))
  if (isKept) return
  const what = `${org}: inserted at ${time(insertionMs + behaviour.dateSkewMs)}, ${shownMs === null ? 'never read' : `read at ${time(shownMs)}`}`
  findings.add(isRecord ? 'lost' : 'not-quarantined', what)
}

function inMs({ fromSec, toSec }: Span): InsertionSpan {
  return { fromMs: fromSec * 1_000, toMs: toSec * 1_000 }
}

function checkAcceptedOnce({ book, findings, rememberMs = Number.POSITIVE_INFINITY }: CollectionFacts): void {
  const accepted = new Map<string, number>()
  const homes = new Map<string, string>()
  for (const { org, key, home, content, acceptedAtMs, offset } of book.acceptances) {
    const known = homes.get(`${org}|${key}`) ?? home
    // A journal that forgets keys may give a key a new home.
    if (known !== home && rememberMs === Number.POSITIVE_INFINITY) findings.add('two-homes', `${org}: ${key}`)
    homes.set(`${org}|${key}`, known)
    const id = `${org}|${content}`
    const beforeMs = accepted.get(id)
    if (beforeMs !== undefined && acceptedAtMs - beforeMs < rememberMs) {
      findings.add(
        'accepted-twice',
        `${org}: offset ${offset}, ${acceptedAtMs - beforeMs} ms after the first time`,
      )
    }
    accepted.set(id, acceptedAtMs)
  }
}
