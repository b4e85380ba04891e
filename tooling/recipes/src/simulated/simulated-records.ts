import type { CdrRecord, Mark } from '@cdrstream/plugin'
import { createSimulator } from '@cdrstream/simulator'
import { acceptRecord } from '../accept-record.ts'

/** The two days in Chicago that the recipes cover. */
const fromMs = Date.parse('2026-11-02T06:00:00Z')
const toMs = Date.parse('2026-11-04T06:00:00Z')
/** A time at which all records of both days have arrived. */
export const afterwardsMs = toMs + 86_400_000
/** A time at which queues have records of calls whose agents' records have not arrived yet. */
export const meanwhileMs = Date.parse('2026-11-04T00:45:00Z')
const settleMs = 60_000

/**
 * Returns a few thousand records of legs that started on the two days and were inserted before this time. The
 * simulated API returns them in one page.
 */
export function simulatedRecords(untilMs: number): readonly CdrRecord[] {
  let nowMs = fromMs
  const spanMs = afterwardsMs - fromMs + settleMs
  const simulator = createSimulator({
    seed: 4,
    clock: { nowMs: () => nowMs },
    orgs: [{ name: 'acme', token: 'token', recordsPerMinute: 1.2 }],
    // Half of the records are late, so some calls are incomplete at any time.
    mix: { repeatShare: 0, revisionShare: 0, twinShare: 0, lateShare: 0.5 },
    terms: {
      pageSize: { min: 1, max: 10_000 },
      initialRequests: { count: 1, perMs: 1_000 },
      pageRequests: { count: 1, perMs: 1_000 },
      settleMs,
      retentionMs: 2 * spanMs,
      maxWindowMs: 2 * spanMs,
    },
  })
  nowMs = untilMs + settleMs
  const window = `startTime=${new Date(fromMs).toISOString()}&endTime=${new Date(untilMs).toISOString()}`
  const answer = simulator.handle({
    method: 'GET',
    url: `/v1/cdr_stream?${window}&max=10000`,
    headers: { authorization: 'Bearer token' },
  })
  if (answer.status !== 200 || 'link' in answer.headers)
    throw new Error('expected one page', { cause: answer })
  const { items }: { readonly items: readonly unknown[] } = JSON.parse(answer.body)
  return items
    .map((item) => acceptRecord(JSON.stringify(item), nowMs))
    .filter(({ fields }) => fields.start_time !== null && fields.start_time < toMs)
}

/** Returns the mark for all records inserted before this time. */
export function simulatedMark(untilMs: number): Mark {
  return { org: 'acme', fromMs, completeThroughMs: untilMs, gaps: [] }
}
