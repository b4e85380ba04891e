import { type AdmittedRecord, cdrRecord, type Identity, type RecordIdentity } from '@cdrstream/core'
import { pageLimits } from './expected-page.ts'
import type { Problem } from './problem.ts'
import type { ExpectedItem } from './split-plainly.ts'
import type { Subject } from './subject.ts'

/** How the items of a page were classified. */
export interface ItemCounts {
  readonly accepted: number
  readonly quarantined: number
  /** Items with the same content as an earlier record of the page. */
  readonly repeated: number
}

/**
 * Checks that every item is accepted, quarantined or a repetition, with its own text, and that accepted
 * records can be read.
 */
export function checkItems(
  items: readonly Identity[],
  expected: readonly ExpectedItem[],
  subject: Subject,
  nowMs: number,
): { readonly problems: readonly Problem[]; readonly counts: ItemCounts } {
  const records = items.filter((item) => item.kind === 'record')
  const admitted = subject.admit(records, nowMs)
  const counts = {
    accepted: admitted.length,
    quarantined: items.length - records.length,
    repeated: records.length - new Set(records.map(({ key, fingerprint }) => `${key} ${fingerprint}`)).size,
  }
  const problems: Problem[] = []
  const sum = counts.accepted + counts.quarantined + counts.repeated
  if (items.length !== expected.length)
    problems.push({ kind: 'items', detail: `${items.length} items instead of ${expected.length}` })
  if (sum !== expected.length)
    problems.push({ kind: 'accepted', detail: `${JSON.stringify(counts)} of ${expected.length}` })
  const changed = items.findIndex((item, index) => !isAsSent(item, expected[index]))
  if (changed !== -1) problems.push({ kind: 'items', detail: `item ${changed} differs from the one sent` })
  const place = admitted.find(
    ({ rank, home }) => !Number.isSafeInteger(rank) || !/^\d{4}-\d\d-\d\d$/.test(home),
  )
  if (place !== undefined) problems.push({ kind: 'answer', detail: `rank ${place.rank}, home ${place.home}` })
  if (!records.every(isIdentified))
    problems.push({ kind: 'answer', detail: 'a key or fingerprint is malformed' })
  const [first] = admitted
  if (first !== undefined) {
    const parts = {
      ...first,
      text: textOf(first),
      org: 'acme',
      acceptedAtMs: nowMs,
      source: 'stream',
    } as const
    // As delivered to a sink that keeps up, and to one that reads later.
    for (const { fields, extra } of [cdrRecord(parts), cdrRecord({ ...parts, content: undefined })]) {
      if (!Object.values(fields).every(isFieldValue) || !(extra instanceof Map))
        problems.push({ kind: 'answer', detail: 'a field has an invalid value' })
    }
  }
  return { problems, counts }
}

function textOf({ bytes }: Identity | AdmittedRecord): string {
  return Buffer.from(bytes).toString()
}

function isAsSent(item: Identity, expected: ExpectedItem | undefined): boolean {
  const text = textOf(item)
  switch (expected?.kind) {
    case undefined:
      return false
    case 'parsed':
      return text === expected.text
    case 'unreadable': {
      // If the text is truncated, its last character may be incomplete.
      const isCut = item.bytes.length === pageLimits.bounds.itemBytes
      const isSame = isCut ? expected.text.startsWith(text.slice(0, -2)) : text === expected.text
      return item.kind === 'no-record' && isSame
    }
  }
}

function isIdentified({ key, fingerprint }: RecordIdentity): boolean {
  return /^[\x20-\x7e]{1,128}$/.test(key) && /^[0-9a-f]{32}$/.test(fingerprint)
}

function isFieldValue(value: unknown): boolean {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)
}
