import type { Ledger } from './ledger.ts'

/** A record as a sink has it that keeps the newest revision alone. */
export interface DeliveredKey {
  readonly org: string
  /** The Report ID; the `content` of the ledger where there is none. */
  readonly key: string
}

export interface KeyComparison {
  /** Distinct records in whole answers, whatever their revisions. */
  readonly shown: number
  /** Of those, how many were delivered. */
  readonly delivered: number
  /** Shown and not delivered. */
  readonly missing: readonly DeliveredKey[]
  /** Delivered more than once: how many times too often, in all. */
  readonly twice: number
  /** Delivered and never in the API. */
  readonly invented: number
}

/** Compares by record, for sinks in which a revision replaces the one before. */
export function compareKeysWithLedger(ledger: Ledger, delivered: Iterable<DeliveredKey>): KeyComparison {
  const orgs = new Map<string, Map<string, { shown: boolean; times: number }>>()
  for (const entry of ledger.entries.values()) {
    if (!entry.isRecord) continue
    const keys = orgs.get(entry.org) ?? new Map<string, { shown: boolean; times: number }>()
    orgs.set(entry.org, keys)
    const key = entry.reportId ?? entry.content
    const record = keys.get(key) ?? { shown: false, times: 0 }
    record.shown ||= entry.shownMs !== null
    keys.set(key, record)
  }
  let twice = 0
  let invented = 0
  for (const { org, key } of delivered) {
    const record = orgs.get(org)?.get(key)
    if (record === undefined) {
      invented += 1
      continue
    }
    record.times += 1
    if (record.times > 1) twice += 1
  }
  const shown = [...orgs].flatMap(([org, keys]) =>
    [...keys].filter(([, record]) => record.shown).map(([key, { times }]) => ({ org, key, times })),
  )
  const missing = shown.filter(({ times }) => times === 0).map(({ org, key }) => ({ org, key }))
  return { shown: shown.length, delivered: shown.length - missing.length, missing, twice, invented }
}
