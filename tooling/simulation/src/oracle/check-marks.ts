import type { Mark } from '@cdrstream/plugin'
import type { Behaviour, Ledger, LedgerEntry } from '@cdrstream/simulator'
import type { OrgNames } from '../world/org-names.ts'
import { isShown, type SinkPlace } from '../world/sink-place.ts'
import type { Findings } from './findings.ts'
import { isInserted } from './insertion-span.ts'
import type { JournalBook } from './journal-book.ts'

export interface MarkFacts {
  readonly ledger: Ledger
  readonly book: JournalBook
  readonly names: OrgNames
  readonly findings: Findings
  readonly behaviour: Behaviour
  readonly settleMs: number
  /**
   * No journal was lost. With it, the only record of what a store had before it was emptied would be lost.
   */
  readonly hasOneJournal: boolean
}

/**
 * Compares each published mark with the truth: every record of the ledger that was inserted in the mark's
 * span, outside of its gaps, must be in the sink. Omits records that became visible only after their second
 * had settled, because no response shows them.
 */
export class MarkCheck {
  readonly #facts: MarkFacts
  readonly #place: SinkPlace
  /** The records that no mark has covered yet, by org. */
  #unchecked = new Map<string, Set<LedgerEntry>>()
  #seen = 0

  constructor(place: SinkPlace, facts: MarkFacts) {
    this.#place = place
    this.#facts = facts
  }

  /** Checks all records again, because the sink lost rows. */
  restart(): void {
    this.#unchecked = new Map()
    this.#seen = 0
  }

  /**
   * Checks the marks that the sink has now, while none are being published. A store that failed to retract
   * its marks keeps them until it is filled again, marks under an org's former name are never retracted, and
   * a new journal cannot know what the store had when its predecessor was lost.
   */
  checkStored(nowMs: number): void {
    const { awaitsRefill, plan, store } = this.#place
    if (awaitsRefill || plan.troubles.markThrows > 0 || !this.#facts.hasOneJournal) return
    for (const [org, mark] of store.marks) {
      if (this.#facts.names.all(org).at(-1) === org) this.check({ org, ...mark }, nowMs)
    }
  }

  /** Checks a mark that was just stored. */
  check(mark: Mark, nowMs: number): void {
    const { names, behaviour, settleMs, findings } = this.#facts
    const span = { fromMs: mark.fromMs, toMs: mark.completeThroughMs }
    this.#collect()
    const org = names.first(mark.org)
    const unchecked = this.#unchecked.get(org) ?? new Set()
    for (const entry of unchecked) {
      const { insertionMs, availableMs } = entry
      if (!isInserted(insertionMs, span, behaviour)) continue
      if (availableMs > nowMs || availableMs > insertionMs + settleMs) continue
      if (mark.gaps.some((gap) => isInserted(insertionMs, gap, behaviour))) continue
      unchecked.delete(entry)
      const reason = this.#whyMissing(org, entry)
      if (reason === undefined) continue
      const what = `${this.#place.name}, ${org}: a record inserted at ${time(insertionMs + behaviour.dateSkewMs)} ${reason}`
      findings.add(
        'mark-ahead',
        `${what}; the mark covers ${time(mark.fromMs)} to ${time(mark.completeThroughMs)}`,
      )
    }
  }

  #whyMissing(org: string, entry: LedgerEntry): string | undefined {
    const { book, names } = this.#facts
    if (entry.shownMs === null) return 'was never read'
    const accepted = book.everAccepted(org, entry.content)
    if (accepted.length === 0) return 'is not in the journal'
    const isInSink = accepted.some((record) => isShown(this.#place, names.all(org), record))
    return isInSink ? undefined : `(offset ${accepted.map(({ offset }) => offset)}) is not in the sink`
  }

  #collect(): void {
    const { entries } = this.#facts.ledger
    if (entries.size === this.#seen) return
    let index = 0
    for (const entry of entries.values()) {
      index += 1
      if (index <= this.#seen || !entry.isRecord) continue
      const ofOrg = this.#unchecked.get(entry.org) ?? new Set()
      this.#unchecked.set(entry.org, ofOrg.add(entry))
    }
    this.#seen = entries.size
  }
}

/** Returns a time without its year, for the description of a finding. */
export function time(ms: number): string {
  return new Date(ms).toISOString().slice(5, 23)
}
