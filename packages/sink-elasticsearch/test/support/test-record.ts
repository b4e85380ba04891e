import { cdrRecord } from '@cdrstream/core'
import type { Batch, CdrRecord, Position } from '@cdrstream/plugin'

export interface TestRecord {
  readonly org?: string
  readonly key?: string
  readonly rank?: number
  readonly home?: string
  readonly acceptedAt?: string
  /** The fields that the API sent, in addition to Start time. */
  readonly content?: Readonly<Record<string, unknown>>
  /** The text that the API sent, instead of `content`. */
  readonly text?: string
}

const usualStart = '2026-11-24T11:00:00.123Z'

export function testRecord({
  org = 'acme',
  key = 'one',
  rank = 1,
  home = '2026-11-24',
  acceptedAt = '2026-11-24T12:00:00.250Z',
  content = {},
  text = JSON.stringify({ 'Start time': usualStart, ...content }),
}: TestRecord = {}): CdrRecord {
  return cdrRecord({ org, key, rank, home, acceptedAtMs: Date.parse(acceptedAt), source: 'stream', text })
}

export function testRecords(count: number, parts: TestRecord = {}): readonly CdrRecord[] {
  return Array.from({ length: count }, (_, index) => testRecord({ ...parts, key: `key-${index}` }))
}

export function testBatch(records: readonly CdrRecord[], incarnation = 'journal-1'): Batch {
  return { records, from: position(incarnation, 0), to: position(incarnation, records.length) }
}

function position(incarnation: string, offset: number): Position {
  return { incarnation, offset, commit: offset === 0 ? '' : `commit-${offset}` }
}
