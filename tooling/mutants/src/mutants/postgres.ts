import type { Mutant } from '../mutant.ts'

/** The Postgres sink: a batch and its position are one transaction. */
export const postgresMutants: readonly Mutant[] = [
  {
    name: 'refusal-by-copy-after-the-commit',
    file: 'packages/sink-postgres/src/store/write-batch.ts',
    find: 'if (written.refused.length > 0) return written.refused\n',
    replace: '',
    caughtBy: 'packages/sink-postgres/test/refusals.integration.test.ts',
  },
  {
    name: 'partitions-dropped-by-the-clock-only',
    file: 'packages/sink-postgres/src/schema/retention.ts',
    find: 'return Math.min(nowMs, Date.parse(newestHome) + dayMs) - retentionMs',
    replace: 'return nowMs - retentionMs',
    caughtBy: 'packages/sink-postgres/test/retention.integration.test.ts',
  },
  {
    name: 'jsonb-written-to-the-old-slab',
    file: 'packages/sink-postgres/src/rows/byte-writer.ts',
    find: 'this.#reserve(5 + maxBytesPerUnit * json.length)\n    const length = this.#bytes.write(json, this.#end + 5)',
    replace:
      'const at = this.#end + 5\n    this.#reserve(5 + maxBytesPerUnit * json.length)\n    const length = this.#bytes.write(json, at)',
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
    find: 'else if (stored.rank < row.record.rank) outranking.push(placedRow)',
    replace: 'else if (stored.rank > row.record.rank) outranking.push(placedRow)',
    caughtBy: 'packages/sink-postgres/test/postgres-sink.integration.test.ts',
  },
  {
    name: 'restored-journal-writes-a-record-twice',
    file: 'packages/sink-postgres/src/store/positions.ts',
    find: 'isHomeDoubtful: isRewound || rows.some(({ doubtful }) => doubtful)',
    replace: 'isHomeDoubtful: false',
    caughtBy: 'packages/sink-postgres/test/postgres-sink.integration.test.ts',
  },
  {
    name: 'remote-server-without-tls-by-default',
    file: 'packages/sink-postgres/src/connection/connection-settings.ts',
    find: "isLocal && !wantsTls ? 'disable'",
    replace: "!wantsTls ? 'disable'",
    caughtBy: 'packages/sink-postgres/src/connection/connection-settings.test.ts',
  },
  {
    name: 'long-text-in-an-indexed-column',
    file: 'packages/sink-postgres/src/rows/value-writers.ts',
    find: '!isShort(value) || ',
    replace: '',
    caughtBy: 'packages/sink-postgres/src/rows/row-encoder.test.ts',
  },
  {
    name: 'value-that-does-not-fit-refuses-the-record',
    file: 'packages/sink-postgres/src/store/write-batch.ts',
    find: 'if (form === undefined) return [refusal]',
    replace: 'if (refusal !== undefined) return [refusal]',
    caughtBy: 'packages/sink-postgres/test/unstorable-values.integration.test.ts',
  },
  {
    name: 'database-encoding-ignored',
    file: 'packages/sink-postgres/src/rows/byte-writer.ts',
    find: '!(text.isWellFormed() && this.#repertoire(text))',
    replace: '!text.isWellFormed()',
    caughtBy: 'packages/sink-postgres/test/encodings.integration.test.ts',
  },
  {
    name: 'extra-from-parsed-values',
    file: 'packages/plugin/src/exact-extra.ts',
    find: '(textsOf(name) ?? [',
    replace: '([',
    caughtBy: 'packages/sink-postgres/src/rows/row-encoder.test.ts',
  },
  {
    name: 'schema-script-attaches-a-partition-twice',
    file: 'packages/sink-postgres/src/schema/schema-sql.ts',
    find: 'if not exists (select from pg_inherits',
    replace: 'if true or not exists (select from pg_inherits',
    caughtBy: 'packages/sink-postgres/test/schema-sql.integration.test.ts',
  },
  {
    name: 'failover-reported-as-a-permanent-fault',
    file: 'packages/sink-postgres/src/classify-error.ts',
    find: "  ['0A', 'unsupported',",
    replace: "  ['25006', 'read-only', 'name the primary server'],\n  ['0A', 'unsupported',",
    caughtBy: 'packages/sink-postgres/src/classify-error.test.ts',
  },
  {
    name: 'sizes-of-all-responses-added-up',
    file: 'packages/sink-postgres/src/connection/bound-answers.ts',
    find: 'receivedBytes = 0\n    },',
    replace: 'receivedBytes += 0\n    },',
    caughtBy: 'packages/sink-postgres/src/connection/bound-answers.test.ts',
  },
]
