import type { Mutant } from '../mutant.ts'

/** The Postgres sink: a batch and its position are one transaction. */
export const postgresMutants: readonly Mutant[] = [
  {
    name: 'refused-by-copy-after-the-commit',
    file: 'packages/sink-postgres/src/store/write-batch.ts',
    find: 'if (written.refused.length > 0) return written.refused\n',
    replace: '',
    caughtBy: 'packages/sink-postgres/src/refusals.integration.test.ts',
  },
  {
    name: 'partitions-dropped-by-the-clock-alone',
    file: 'packages/sink-postgres/src/schema/retention.ts',
    find: 'return Math.min(nowMs, Date.parse(newestHome) + dayMs) - retentionMs',
    replace: 'return nowMs - retentionMs',
    caughtBy: 'packages/sink-postgres/src/retention.integration.test.ts',
  },
  {
    name: 'jsonb-at-the-place-before-the-slab-moved',
    file: 'packages/sink-postgres/src/rows/byte-writer.ts',
    find: 'this.#reserve(5 + mostBytesPerUnit * json.length)\n    const length = this.#bytes.write(json, this.#end + 5)',
    replace:
      'const at = this.#end + 5\n    this.#reserve(5 + mostBytesPerUnit * json.length)\n    const length = this.#bytes.write(json, at)',
    caughtBy: 'packages/sink-postgres/src/rows/byte-writer.test.ts',
  },
  {
    name: 'dropped-partition-blamed-on-a-record',
    file: 'packages/sink-postgres/src/record-to-blame.ts',
    find: "if (state === '23514' && constraint === undefined) return false",
    replace: '',
    caughtBy: 'packages/sink-postgres/src/record-to-blame.test.ts',
  },
  {
    name: 'correction-not-written',
    file: 'packages/sink-postgres/src/store/place-rows.ts',
    find: 'else if (there.rank < row.record.rank) outranking.push(placedRow)',
    replace: 'else if (there.rank > row.record.rank) outranking.push(placedRow)',
    caughtBy: 'packages/sink-postgres/src/postgres-sink.integration.test.ts',
  },
  {
    name: 'restored-journal-writes-a-record-twice',
    file: 'packages/sink-postgres/src/store/positions.ts',
    find: 'isHomeDoubtful: isRewound || rows.some(({ doubtful }) => doubtful)',
    replace: 'isHomeDoubtful: false',
    caughtBy: 'packages/sink-postgres/src/postgres-sink.integration.test.ts',
  },
]
