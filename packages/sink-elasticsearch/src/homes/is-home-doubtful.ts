import type { CdrRecord } from '@cdrstream/plugin'

const dayMs = 86_400_000
/** The journal remembers keys for 31 days. One of them is the margin below. */
const memoryMs = 30 * dayMs
/** How far a correction can move Start time across the beginning of the journal's memory. */
const marginMs = dayMs

/**
 * Returns whether Elasticsearch may have an earlier revision of a record under a different home. A journal
 * assigns one home to a key for as long as it remembers the key, so this is possible only for calls that
 * began before the journal's memory, and for records without a Start time.
 */
export function isHomeDoubtful({ acceptedAtMs, fields }: CdrRecord, journalKnowsSinceMs: number): boolean {
  const startMs = fields.start_time
  if (startMs === null) return true
  return startMs < acceptedAtMs - memoryMs || startMs < journalKnowsSinceMs + marginMs
}
