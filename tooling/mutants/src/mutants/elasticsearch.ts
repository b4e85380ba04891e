import type { Mutant } from '../mutant.ts'

/** The Elasticsearch sink: each record is one document, and no response loses a record. */
export const elasticsearchMutants: readonly Mutant[] = [
  {
    name: 'indices-deleted-by-the-clock-only',
    file: 'packages/sink-elasticsearch/src/indices/expired-indices.ts',
    find: 'Math.min(nowMs, newestHomeEndMs ?? Number.NEGATIVE_INFINITY)',
    replace: 'nowMs',
    caughtBy: 'packages/sink-elasticsearch/src/indices/expired-indices.test.ts',
  },
  {
    name: 'document-id-ignores-the-org',
    file: 'packages/sink-elasticsearch/src/document/document-id.ts',
    find: "'%3A') : org}:",
    replace: "'%3A') : ''}:",
    caughtBy: 'packages/sink-elasticsearch/src/document/document-id.test.ts',
  },
  {
    name: 'overloaded-server-refuses-records',
    file: 'packages/sink-elasticsearch/src/bulk/read-bulk-response.ts',
    find: "if (status < 400 || isTransient(status)) return { kind: 'again', cause: notWritten(status, type) }",
    replace: '',
    caughtBy: 'packages/sink-elasticsearch/src/bulk/read-bulk-response.test.ts',
  },
  {
    name: 'correction-of-a-forgotten-key-becomes-a-second-document',
    file: 'packages/sink-elasticsearch/src/homes/is-home-doubtful.ts',
    find: 'startMs < acceptedAtMs - memoryMs || ',
    replace: '',
    caughtBy: 'packages/sink-elasticsearch/src/homes/is-home-doubtful.test.ts',
  },
  {
    name: 'restored-journal-trusted-with-all-keys',
    file: 'packages/sink-elasticsearch/src/homes/known-journal.ts',
    find: 'written === undefined || (await owns(written))',
    replace: 'written === undefined || written.offset >= acknowledged.offset',
    caughtBy: 'packages/sink-elasticsearch/src/homes/known-journal.test.ts',
  },
  {
    name: 'records-of-a-failed-request-count-as-written',
    file: 'packages/sink-elasticsearch/src/bulk/send-bulk-requests.ts',
    find: "case 'again':\n",
    replace: "case 'again':\n        settled.add(index)\n",
    caughtBy: 'packages/sink-elasticsearch/src/bulk/send-bulk-requests.test.ts',
  },
  {
    name: 'cluster-without-a-master-pauses-the-sink',
    file: 'packages/sink-elasticsearch/src/server/diagnose-error.ts',
    find: 'status < 500 ? diagnoseBlock',
    replace: 'status < 600 ? diagnoseBlock',
    caughtBy: 'packages/sink-elasticsearch/src/bulk/read-bulk-response.test.ts',
  },
  {
    name: 'foreign-template-not-detected',
    file: 'packages/sink-elasticsearch/src/indices/present-templates.ts',
    find: 'winner.priority > body.priority',
    replace: 'winner.priority > Number.MAX_SAFE_INTEGER',
    caughtBy: 'packages/sink-elasticsearch/src/indices/present-templates.test.ts',
  },
  {
    name: 'responses-decompressed-without-limit',
    file: 'packages/sink-elasticsearch/src/server/bounded-connection.ts',
    find: 'maxOutputLength: maxBytes',
    replace: 'maxOutputLength: 1_000 * maxBytes',
    caughtBy: 'packages/sink-elasticsearch/src/server/bounded-connection.test.ts',
  },
]
