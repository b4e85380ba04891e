import type { IdentifiedItem } from '@cdrstream/core'
import type { AcceptedPage } from './accept-page.ts'
import type { PageAnswer } from './ports/index.ts'
import { telemetry } from './telemetry.ts'

/** Counts the items on a page after the journal has stored it. */
export function countItems(
  org: string,
  { records, revisions, quarantined, acceptedAtMs }: AcceptedPage,
  { items }: PageAnswer<IdentifiedItem>,
): void {
  const count = (result: string, items: number) => {
    if (items > 0) telemetry.itemsRead.add(items, { org, result })
  }
  count('new', records.length - revisions)
  count('revision', revisions)
  count('quarantined', quarantined.length)
  count('known', items.length - records.length - quarantined.length)
  telemetry.recordsAccepted.add(records.length, { org })
  telemetry.itemsQuarantined.add(quarantined.length, { org })
  recordLateness(org, new Set(records.map(({ fingerprint }) => fingerprint)), items, acceptedAtMs)
}

/**
 * Records only new records' lateness. A record that is new on a later reading was missing or unreadable
 * before.
 */
function recordLateness(
  org: string,
  accepted: ReadonlySet<string>,
  items: readonly IdentifiedItem[],
  acceptedAtMs: number,
): void {
  const { recordsLateness } = telemetry
  const attributes = { org }
  for (const item of items) {
    if (item.kind === 'unusable' || item.reportTimeMs === null || !accepted.has(item.fingerprint)) continue
    recordsLateness.record(Math.max(0, acceptedAtMs - item.reportTimeMs) / 1_000, attributes)
  }
}
