import { contentOf } from './content.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'

/** A record that was collected. */
export interface Delivered {
  readonly org: string
  /** The JSON text, as the API sent it. */
  readonly text: string
}

/** The result of `compareWithLedger`. */
export interface Comparison {
  /** How many distinct revisions of records the API returned in complete responses. */
  readonly shown: number
  /** How many of those revisions were delivered. */
  readonly delivered: number
  /** Revisions that were shown but not delivered. */
  readonly missing: readonly LedgerEntry[]
  /** How many deliveries repeated an earlier one. */
  readonly twice: number
  /** How many delivered revisions never existed in the API. */
  readonly invented: number
}

/** Compares what was delivered with what the API showed. Each revision of a record counts separately. */
export function compareWithLedger(ledger: Ledger, delivered: Iterable<Delivered>): Comparison {
  const known = new KnownContents(ledger)
  const seen = new Set<LedgerEntry>()
  let twice = 0
  let invented = 0
  for (const { org, text } of delivered) {
    const entry = known.find(org, contentOf(text))
    if (entry === undefined) invented += 1
    else if (seen.has(entry)) twice += 1
    else seen.add(entry)
  }
  const missing = known.shown.filter((entry) => !seen.has(entry))
  return {
    shown: known.shown.length,
    delivered: known.shown.length - missing.length,
    missing,
    twice,
    invented,
  }
}

/**
 * Finds the ledger's records by content. Searches records that were never shown last, because their text has
 * to be generated first.
 */
class KnownContents {
  readonly shown: readonly LedgerEntry[]
  readonly #shown: ReadonlyMap<string, ReadonlyMap<string, LedgerEntry>>
  readonly #unshownEntries: readonly LedgerEntry[]
  #unshown: ReadonlyMap<string, ReadonlyMap<string, LedgerEntry>> | null = null

  constructor(ledger: Ledger) {
    const records = [...ledger.entries.values()].filter(({ isRecord }) => isRecord)
    this.shown = records.filter(({ shownMs }) => shownMs !== null)
    this.#shown = byContent(this.shown)
    this.#unshownEntries = records.filter(({ shownMs }) => shownMs === null)
  }

  find(org: string, content: string): LedgerEntry | undefined {
    const shown = this.#shown.get(org)?.get(content)
    if (shown !== undefined) return shown
    this.#unshown ??= byContent(this.#unshownEntries)
    return this.#unshown.get(org)?.get(content)
  }
}

function byContent(entries: readonly LedgerEntry[]): ReadonlyMap<string, ReadonlyMap<string, LedgerEntry>> {
  const orgs = new Map<string, Map<string, LedgerEntry>>()
  for (const entry of entries) {
    const contents = orgs.get(entry.org) ?? new Map<string, LedgerEntry>()
    orgs.set(entry.org, contents.set(entry.content, entry))
  }
  return orgs
}
