import { mergeMark, type Sink, type SinkSession, type SinkTraits } from '@cdrstream/plugin'
import { RowTable } from './row-table.ts'
import { type MarkWithStart, type SinkStore, storeMarks } from './sink-store.ts'

/**
 * A store with idempotence `key`, like a document index. It keeps every revision, or only the latest of each
 * key.
 */
export function keyStore(revisions: 'all' | 'latest', waitMs: number): SinkStore {
  const table = new RowTable(revisions === 'latest')
  const marks = new Map<string, MarkWithStart>()
  let server = {}
  const openSession = (connected: object): SinkSession => ({
    async write({ records }) {
      if (connected !== server) return { kind: 'retry', reopen: true }
      for (const record of records) table.put(record)
      return { kind: 'accepted' }
    },
    async mark(given) {
      // Rows are restored from a copy while the server is stopped.
      if (connected !== server) throw new Error('the connection was closed')
      storeMarks(marks, given, mergeMark)
    },
    async holds(records) {
      return table.holds(records)
    },
    async close() {},
  })
  const traits: SinkTraits = {
    idempotence: 'key',
    revisions,
    timeoutMs: 20_000,
    batch: { records: 70, waitMs },
  }
  return {
    traits,
    marks,
    rows: () => table.rows(),
    has: (org, key, rank) => table.has(org, key, rank),
    connect: (): Sink => ({ open: async () => ({ kind: 'opened', session: openSession(server) }) }),
    empty: (month) => table.empty(month),
    // Restoring the rows keeps the marks, which are in another index.
    save() {
      const restore = table.save()
      return () => {
        server = {}
        return restore()
      }
    },
  }
}
