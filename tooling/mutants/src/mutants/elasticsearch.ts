import type { Mutant } from '../mutant.ts'

/** The Elasticsearch sink: a record is one document, and no record is lost in an answer. */
export const elasticsearchMutants: readonly Mutant[] = [
  {
    name: 'indices-deleted-by-the-clock-alone',
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
    find: 'if (status < 400 || isPassing(status)) return again',
    replace: '',
    caughtBy: 'packages/sink-elasticsearch/src/bulk/read-bulk-response.test.ts',
  },
  {
    name: 'correction-across-the-memory-becomes-a-second-document',
    file: 'packages/sink-elasticsearch/src/homes/is-home-doubtful.ts',
    find: 'startMs < acceptedAtMs - memoryMs || ',
    replace: '',
    caughtBy: 'packages/sink-elasticsearch/src/homes/is-home-doubtful.test.ts',
  },
  {
    name: 'records-of-a-failed-request-count-as-written',
    file: 'packages/sink-elasticsearch/src/bulk/send-bulk-requests.ts',
    find: "case 'again':\n        return",
    replace: "case 'again':\n        settled.add(index)\n        return",
    caughtBy: 'packages/sink-elasticsearch/src/bulk/send-bulk-requests.test.ts',
  },
]
