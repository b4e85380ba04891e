import type { Batch, CdrRecord, Position } from '@cdrstream/plugin'

/** A journal as a sink sees it. */
export interface JournalModel {
  readonly records: readonly CdrRecord[]
  position(offset: number): Position
  /** Returns up to `records` records after this position. */
  batch(from: Position, records: number): Batch
}

/** `commits` is the prefix of the commit ids. */
export function journalModel(
  records: readonly CdrRecord[],
  incarnation = '0f9d3a52-8d4f-4b7e-9c55-2f6d1f0e7a11',
  commits = 'commit',
): JournalModel {
  const position = (offset: number): Position => ({
    incarnation,
    offset,
    commit: offset === 0 ? '' : `${commits}-${Math.ceil(offset / 4)}`,
  })
  return {
    records,
    position,
    batch(from, count) {
      const to = Math.min(from.offset + count, records.length)
      return { records: records.slice(from.offset, to), from, to: position(to) }
    },
  }
}

export function testRecord(number: number, change: Partial<CdrRecord> = {}): CdrRecord {
  return {
    org: 'acme',
    key: `key-${number}`,
    rank: 3_640_000_000_000_000 + number,
    home: '2026-11-24',
    acceptedAtMs: Date.UTC(2026, 10, 24, 12, 0, 0, 250),
    source: 'stream',
    text: `{"Report ID":"key-${number}","Duration":${number}}`,
    get fields(): never {
      throw new Error('a record is not parsed again')
    },
    get extra(): never {
      throw new Error('a record is not parsed again')
    },
    ...change,
  }
}

export function testRecords(
  count: number,
  change: (number: number) => Partial<CdrRecord> = () => ({}),
): CdrRecord[] {
  return Array.from({ length: count }, (_, number) => testRecord(number, change(number)))
}
