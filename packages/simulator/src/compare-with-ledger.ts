import { contentOf } from './content.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'

/** A record as somebody has it who collected. */
export interface Delivered {
  readonly org: string
  /** The API's own JSON text. */
  readonly text: string
}

export interface Comparison {
  /** Distinct contents of records in whole answers. */
  readonly shown: number
  /** Of those, how many were delivered. */
  readonly delivered: number
  /** Shown and not delivered. */
  readonly missing: readonly LedgerEntry[]
  /** Delivered more than once: how many times too often, in all. */
  readonly twice: number
  /** Delivered and never in the API. */
  readonly invented: number
}

/** Compares what was delivered with what the API showed. Each revision of a record counts for itself. */
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

/** Records of the ledger by their content. The unshown ones are only looked at when the others do not hold it: their texts have to be made. */
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
