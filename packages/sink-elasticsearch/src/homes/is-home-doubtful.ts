import type { CdrRecord } from '@cdrstream/plugin'

const dayMs = 86_400_000
/** The journal remembers keys for 31 days; one of these is the margin below. */
const memoryMs = 30 * dayMs
/** How far a correction may move Start time back over the beginning of what the journal remembers. */
const marginMs = dayMs

/**
 * Whether an elder revision of a record may be here under another home. The journal gives each key one home for as long as it remembers the
 * key; so it can only be one whose call began before what the journal remembers. A record without Start time does not tell.
 */
export function isHomeDoubtful({ acceptedAtMs, fields }: CdrRecord, journalKnowsSinceMs: number): boolean {
  const startMs = fields.start_time
  if (startMs === null) return true
  return startMs < acceptedAtMs - memoryMs || startMs < journalKnowsSinceMs + marginMs
}
