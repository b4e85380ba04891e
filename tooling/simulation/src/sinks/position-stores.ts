import { mergeMark, type Position, type Sink, type SinkSession } from '@cdrstream/plugin'
import { RowTable } from './row-table.ts'
import { type MarkWithStart, type SinkStore, storeMarks } from './sink-store.ts'
import { type StoredRow, storedRow } from './stored-row.ts'

/**
 * A store with idempotence `position` that keeps the highest revision of each key, like a database table with
 * the position written in the same transaction.
 */
export function tableStore(): SinkStore {
  const table = new RowTable(true)
  const marks = new Map<string, MarkWithStart>()
  let position: Position | null = null
  let server = {}
  const openSession = (connected: object): SinkSession => ({
    async write({ records, to }) {
      if (connected !== server) return { kind: 'retry' }
      for (const record of records) table.put(record)
      position = to
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
  })
  return {
    traits: { idempotence: 'position', timeoutMs: 20_000, batch: { records: 70 } },
    marks,
    rows: () => table.rows(),
    has: (org, key, rank) => table.has(org, key, rank),
    connect: (): Sink => ({ open: async () => ({ kind: 'opened', position, session: openSession(server) }) }),
    // Deleting rows keeps the position, which is in another table.
    empty: (month) => table.empty(month),
    save() {
      const restore = table.save()
      const saved = { position, marks: new Map(marks) }
      return () => {
        position = saved.position
        server = {}
        restoreMarks(marks, saved.marks)
        return restore()
      }
    },
  }
}

function restoreMarks(marks: Map<string, MarkWithStart>, saved: ReadonlyMap<string, MarkWithStart>): void {
  marks.clear()
  for (const [org, mark] of saved) marks.set(org, mark)
}

/** A store with idempotence `position` and a buffer that a flush publishes, like a directory of files. */
export function linesStore(): SinkStore {
  const published: StoredRow[] = []
  const known = new Set<string>()
  const marks = new Map<string, MarkWithStart>()
  let position: Position | null = null
  let directory = {}
  const openSession = (): SinkSession => {
    let buffered: StoredRow[] = []
    const opened = directory
    const assertThere = () => {
      if (directory !== opened) throw new Error('the directory was deleted')
    }
    let end = position
    // Unknown until the first write, because the stored position may belong to another journal.
    let durable: Position | undefined
    return {
      async write({ records, from, to }) {
        assertThere()
        buffered.push(...records.map(storedRow))
        durable ??= from
        end = to
        return { kind: 'accepted', through: durable }
      },
      async flush() {
        assertThere()
        for (const row of buffered) {
          published.push(row)
          known.add(`${row.org}|${row.key}|${row.rank}`)
        }
        buffered = []
        position = end
        if (durable === undefined || end === null) return { kind: 'accepted' }
        durable = end
        return { kind: 'accepted', through: durable }
      },
      async mark(given) {
        assertThere()
        storeMarks(marks, given, mergeMark)
      },
      async close() {},
    }
  }
  return {
    traits: { idempotence: 'position', flushAfterMs: 60_000, timeoutMs: 20_000, batch: { records: 70 } },
    marks,
    rows: () => published,
    has: (org, key, rank) => known.has(`${org}|${key}|${rank}`),
    connect: (): Sink => ({ open: async () => ({ kind: 'opened', position, session: openSession() }) }),
    // Simulates that someone deletes the directory, including the position in it.
    empty() {
      const lines = published.length
      published.length = 0
      known.clear()
      position = null
      directory = {}
      return lines
    },
    save() {
      const saved = { position, rows: [...published], marks: new Map(marks) }
      return () => {
        const lost = published.length - saved.rows.length
        published.splice(0, published.length, ...saved.rows)
        known.clear()
        for (const row of saved.rows) known.add(`${row.org}|${row.key}|${row.rank}`)
        position = saved.position
        directory = {}
        restoreMarks(marks, saved.marks)
        return lost
      }
    },
  }
}
