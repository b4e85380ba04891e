import { contentOf, entryId, type Ledger, type LedgerEntry } from './ledger.ts'

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
  const seen = new Set<string>()
  let twice = 0
  let invented = 0
  for (const { org, text } of delivered) {
    const id = entryId(org, contentOf(text))
    if (ledger.entries.get(id)?.isRecord !== true) invented += 1
    else if (seen.has(id)) twice += 1
    else seen.add(id)
  }
  const shown = [...ledger.entries].filter(([, entry]) => entry.isRecord && entry.shownMs !== null)
  const missing = shown.filter(([id]) => !seen.has(id)).map(([, entry]) => entry)
  return { shown: shown.length, delivered: shown.length - missing.length, missing, twice, invented }
}
