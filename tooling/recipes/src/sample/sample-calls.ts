import { directCalls } from './direct-calls.ts'
import { groupCalls } from './group-calls.ts'
import type { SampleRecord } from './write-record.ts'

/**
 * Two days of a small company, 2 and 3 November 2026 in Chicago (UTC-6). Times are UTC. The answers in
 * docs/recipes were counted by hand from these calls, so a change here changes the answers.
 */
export const sampleCalls: readonly SampleRecord[] = [...directCalls, ...groupCalls].toSorted(
  (a, b) => a.call - b.call,
)
