import type { CdrRecord } from '@cdrstream/plugin'

const dayMs = 86_400_000
/** The journal remembers keys for 31 days; one of these is the margin below. */
const memoryMs = 30 * dayMs
/** How far back a correction may move Start time, across the beginning of the journal's memory. */
const marginMs = dayMs

/**
 * Returns whether Elasticsearch may have an older revision of a record under another home. The journal gives
 * each key one home for as long as it remembers the key, so this can only be a call that began before the
 * journal's memory does. For a record without Start time nothing is known.
 */
export function isHomeDoubtful({ acceptedAtMs, fields }: CdrRecord, journalKnowsSinceMs: number): boolean {
  const startMs = fields.start_time
  if (startMs === null) return true
  return startMs < acceptedAtMs - memoryMs || startMs < journalKnowsSinceMs + marginMs
}
