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
  /** No journal was lost, and with it the only memory of what a store had before it was emptied. */
  readonly hasOneJournal: boolean
}

/**
 * Compares each mark, when it is published, with the truth: every record of the ledger that was inserted in
 * its span and outside of its gaps is in the sink. A record that became visible only after its second had
 * settled is left out: no answer tells of it.
 */
export class MarkCheck {
  readonly #facts: MarkFacts
  readonly #place: SinkPlace
  /** What no mark has spoken of yet, by org. */
  #unchecked = new Map<string, Set<LedgerEntry>>()
  #seen = 0

  constructor(place: SinkPlace, facts: MarkFacts) {
    this.#place = place
    this.#facts = facts
  }

  /** The sink lost its rows: every record has to be found again. */
  restart(): void {
    this.#unchecked = new Map()
    this.#seen = 0
  }

  /**
   * Checks what the sink says now, where nobody publishes anything. A store that failed to take back its
   * marks keeps them until it is filled again, nobody takes back those of an org's former name, and a new
   * journal cannot know what the store had when its predecessor was lost.
   */
  checkStored(nowMs: number): void {
    const { awaitsRefill, plan, store } = this.#place
    if (awaitsRefill || plan.troubles.markThrows > 0 || !this.#facts.hasOneJournal) return
    for (const [org, mark] of store.marks) {
      if (this.#facts.names.all(org).at(-1) === org) this.check({ org, ...mark }, nowMs)
    }
  }

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
      const reason = this.#whyNotThere(org, entry)
      if (reason === undefined) continue
      const what = `${this.#place.name}, ${org}: a record inserted at ${time(insertionMs + behaviour.dateSkewMs)} ${reason}`
      findings.add(
        'mark-ahead',
        `${what}; the mark speaks of ${time(mark.fromMs)} to ${time(mark.completeThroughMs)}`,
      )
    }
  }

  #whyNotThere(org: string, entry: LedgerEntry): string | undefined {
    const { book, names } = this.#facts
    if (entry.shownMs === null) return 'was never read'
    const accepted = book.ever(org, entry.content)
    if (accepted.length === 0) return 'is not in the journal'
    const isThere = accepted.some((record) => isShown(this.#place, names.all(org), record))
    return isThere ? undefined : `(offset ${accepted.map(({ offset }) => offset)}) is not in the sink`
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

export function time(ms: number): string {
  return new Date(ms).toISOString().slice(5, 23)
}
