import type { Ledger } from './ledger.ts'

/** A record in a sink that keeps only the latest revision. */
export interface DeliveredKey {
  readonly org: string
  /** The Report ID, or the ledger's `content` if the record has none. */
  readonly key: string
}

/** The result of `compareKeysWithLedger`. */
export interface KeyComparison {
  /** How many distinct records the API returned in complete responses. Revisions of a record count once. */
  readonly shown: number
  /** How many of those records were delivered. */
  readonly delivered: number
  /** Records that were shown but not delivered. */
  readonly missing: readonly DeliveredKey[]
  /** How many deliveries repeated an earlier one. */
  readonly twice: number
  /** How many delivered records never existed in the API. */
  readonly invented: number
}

/**
 * Compares what was delivered with the ledger, record by record, for sinks where a revision replaces the
 * previous one.
 */
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
