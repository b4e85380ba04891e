import {
  type AcceptedRecord,
  cdrRecord,
  type IdentifiedItem,
  type IdentifiedRecord,
  wholeMs,
} from '@cdrstream/core'
import { pageLimits } from './expected-page.ts'
import type { Problem } from './problem.ts'
import type { ExpectedItem } from './split-plainly.ts'
import type { Subject } from './subject.ts'

/** How a page's items were classified. */
export interface ItemCounts {
  readonly accepted: number
  readonly quarantined: number
  /** Items with the same content as an earlier record on the page. */
  readonly repeated: number
}

/**
 * Checks that every item is accepted, quarantined or repeated, with its own text, and that accepted records
 * can be read.
 */
export function checkItems(
  items: readonly IdentifiedItem[],
  expected: readonly ExpectedItem[],
  subject: Subject,
  nowMs: number,
): { readonly problems: readonly Problem[]; readonly counts: ItemCounts } {
  const records = items.filter((item) => item.kind === 'record')
  const accepted = subject.accept(records, wholeMs(nowMs))
  const counts = {
    accepted: accepted.length,
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
  const place = accepted.find(
    ({ rank, home }) => !Number.isSafeInteger(rank) || !/^\d{4}-\d\d-\d\d$/.test(home),
  )
  if (place !== undefined) problems.push({ kind: 'answer', detail: `rank ${place.rank}, home ${place.home}` })
  if (!records.every(isIdentified))
    problems.push({ kind: 'answer', detail: 'a key or fingerprint is malformed' })
  const [first] = accepted
  if (first !== undefined) {
    const stored = { ...first, text: textOf(first), org: 'acme' }
    // As delivered to a sink that keeps up, and to a sink that reads later.
    for (const { fields, extra } of [cdrRecord(stored), cdrRecord({ ...stored, content: undefined })]) {
      if (!Object.values(fields).every(isFieldValue) || !(extra instanceof Map))
        problems.push({ kind: 'answer', detail: 'a field has an invalid value' })
    }
  }
  return { problems, counts }
}

function textOf({ bytes }: IdentifiedItem | AcceptedRecord): string {
  return Buffer.from(bytes).toString()
}

function isAsSent(item: IdentifiedItem, expected: ExpectedItem | undefined): boolean {
  const text = textOf(item)
  switch (expected?.kind) {
    case undefined:
      return false
    case 'parsed':
      return text === expected.text
    case 'unreadable': {
      // The last character of truncated text may be incomplete.
      const isCut = item.bytes.length === pageLimits.bounds.itemBytes
      const isSame = isCut ? expected.text.startsWith(text.slice(0, -2)) : text === expected.text
      return item.kind === 'unusable' && isSame
    }
  }
}

function isIdentified({ key, fingerprint }: IdentifiedRecord): boolean {
  return /^[\x20-\x7e]{1,128}$/.test(key) && /^[0-9a-f]{32}$/.test(fingerprint)
}

function isFieldValue(value: unknown): boolean {
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)
}
