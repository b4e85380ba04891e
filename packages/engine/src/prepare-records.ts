import { cdrRecord, type RecordMask } from '@cdrstream/core'
import type { CdrRecord } from '@cdrstream/plugin'
import type { Clock, JournalRecord } from './ports/index.ts'

/** Some ten milliseconds of masking, before other work of the process gets its turn. */
const sliceRecords = 250

/** Makes of the journal's records what a sink may see. */
export async function prepareRecords(
  records: readonly JournalRecord[],
  mask: RecordMask,
  clock: Pick<Clock, 'yield'>,
): Promise<readonly CdrRecord[]> {
  const prepared: CdrRecord[] = []
  for (const record of records) {
    if (prepared.length > 0 && prepared.length % sliceRecords === 0) await clock.yield()
    const text = mask(record.text)
    prepared.push(cdrRecord(text === record.text ? record : { ...record, text }))
  }
  return prepared
}
