import type { DeliverableRecord, DeliveryState, DeliveryTerms } from './delivery-state.ts'

/**
 * Returns the records of a run that still have to be sent: not in quarantine, not accepted yet, and not
 * replaced by a newer revision in the run.
 */
export function pendingRecords<Stored extends DeliverableRecord>(
  records: readonly Stored[],
  { refused, acceptedAhead }: Pick<DeliveryState<Stored>, 'refused' | 'acceptedAhead'>,
  { revisions }: Pick<DeliveryTerms, 'revisions'>,
): readonly Stored[] {
  const wanted =
    refused.size === 0 ? records : records.filter(({ position }) => !refused.has(position.offset))
  const latest = revisions === 'latest' ? latestOfEachKey(wanted) : wanted
  return acceptedAhead.size === 0
    ? latest
    : latest.filter(({ position }) => !acceptedAhead.has(position.offset))
}

function latestOfEachKey<Stored extends DeliverableRecord>(records: readonly Stored[]): readonly Stored[] {
  const orgs = new Map<string, Map<string, Stored>>()
  for (const record of records) {
    const latest = orgs.get(record.org) ?? new Map<string, Stored>()
    const other = latest.get(record.key)
    if (other === undefined || other.rank < record.rank) latest.set(record.key, record)
    orgs.set(record.org, latest)
  }
  return records.filter((record) => orgs.get(record.org)?.get(record.key) === record)
}
