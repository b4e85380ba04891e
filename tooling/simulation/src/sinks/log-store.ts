import type { Sink, SinkSession } from '@cdrstream/plugin'
import type { SinkStore } from './sink-store.ts'
import { type StoredRow, storedRow } from './stored-row.ts'

/** A store with idempotence `none`, like a queue. A record that is written twice is stored twice. */
export function logStore(): SinkStore {
  const rows: StoredRow[] = []
  const known = new Set<string>()
  const session: SinkSession = {
    async write({ records }) {
      for (const record of records) {
        rows.push(storedRow(record))
        known.add(`${record.org}|${record.key}|${record.rank}`)
      }
      return { kind: 'accepted' }
    },
  }
  return {
    traits: { idempotence: 'none', timeoutMs: 20_000, batch: { records: 70 } },
    marks: new Map(),
    rows: () => rows,
    has: (org, key, rank) => known.has(`${org}|${key}|${rank}`),
    connect: (): Sink => ({ open: async () => ({ kind: 'opened', session }) }),
    empty: () => 0,
    save: () => () => 0,
  }
}
