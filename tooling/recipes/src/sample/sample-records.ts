import type { CdrRecord, Mark } from '@cdrstream/plugin'
import { acceptRecord } from '../accept-record.ts'
import { sampleCalls } from './sample-calls.ts'
import { writeRecord } from './write-record.ts'

const acceptedAfterMs = 120_000

/** The span for which the sample is complete. */
export const sampleMark: Mark = {
  org: 'acme',
  fromMs: Date.parse('2026-10-01T00:00:00Z'),
  completeThroughMs: Date.parse('2026-11-04T08:10:00Z'),
  gaps: [],
}

/** Returns the sample as a sink receives it. Each record was accepted two minutes after its leg ended. */
export function sampleRecords(): readonly CdrRecord[] {
  return sampleCalls.map((record) =>
    acceptRecord(writeRecord(record), Date.parse(`${record.release}Z`) + acceptedAfterMs),
  )
}
