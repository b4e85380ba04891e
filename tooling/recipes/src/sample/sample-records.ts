import type { CdrRecord } from '@cdrstream/plugin'
import { acceptRecord } from '../accept-record.ts'
import { sampleCalls } from './sample-calls.ts'
import { writeRecord } from './write-record.ts'

const acceptedAfterMs = 120_000

/** The sample as a sink gets it: each record was accepted two minutes after its leg ended. */
export function sampleRecords(): readonly CdrRecord[] {
  return sampleCalls.map((record) =>
    acceptRecord(writeRecord(record), Date.parse(`${record.release}Z`) + acceptedAfterMs),
  )
}
