import type { DeliverableRecord, DeliveryState, DeliveryTerms } from './delivery-state.ts'

/**
 * The records of a run that are still to be sent: not in quarantine, not accepted yet, and not replaced by a
 * newer revision of the run.
 */
export function pendingRecords<Item extends DeliverableRecord>(
  records: readonly Item[],
  { refused, acceptedAhead }: Pick<DeliveryState<Item>, 'refused' | 'acceptedAhead'>,
  { revisions }: Pick<DeliveryTerms, 'revisions'>,
): readonly Item[] {
  const wanted =
    refused.size === 0 ? records : records.filter(({ position }) => !refused.has(position.offset))
  const latest = revisions === 'latest' ? latestOfEachKey(wanted) : wanted
  return acceptedAhead.size === 0
    ? latest
    : latest.filter(({ position }) => !acceptedAhead.has(position.offset))
}

function latestOfEachKey<Item extends DeliverableRecord>(records: readonly Item[]): readonly Item[] {
  const orgs = new Map<string, Map<string, Item>>()
  for (const record of records) {
    const latest = orgs.get(record.org) ?? new Map<string, Item>()
    const other = latest.get(record.key)
    if (other === undefined || other.rank < record.rank) latest.set(record.key, record)
    orgs.set(record.org, latest)
  }
  return records.filter((record) => orgs.get(record.org)?.get(record.key) === record)
}
