import type { DatabaseSync } from 'node:sqlite'
import type { Revision } from '@cdrstream/core'
import { prepare } from '../database/statement.ts'
import {
  compareIds,
  entryBytes,
  idBytes,
  isSameRevision,
  readRevision,
  sortEntries,
  writeId,
  writeRevision,
} from '../remembered/entry.ts'
import { hashId, IdFilter } from '../remembered/id-filter.ts'
import {
  type Chunks,
  chunkAfter,
  chunksOf,
  findEntries,
  mergeRuns,
  type Place,
  type Run,
  RunWriter,
} from '../remembered/run.ts'

/**
 * What is remembered of each key: a run of sorted entries for each commit, and of several runs one larger one. In two generations, as old
 * ones go as a whole.
 */
export interface RevisionTable {
  /** Of the keys that are known; the revisions of a key in the order of rank. */
  find(orgId: number, keys: readonly string[]): ReadonlyMap<string, readonly Revision[]>
  /**
   * Within a transaction: writes what `packRevisions` gave. A revision that is known already breaks the contract of the caller, and throws.
   * `nowMs` turns the generations over: what is older than `rememberMs` may go.
   */
  remember(entries: Buffer, nowMs: number): Remembered
  /** Within a transaction: makes one run of several if there are many. Undefined: there are not. */
  merge(): Remembered | undefined
  /** To be told when the transaction that led to it is committed. */
  adopt(remembered: Remembered): void
}

/** What is in memory of what the file has. */
interface Remembered {
  /** The one that takes new keys. */
  readonly generation: 0 | 1
  /** Null: it has taken none yet. */
  readonly sinceMs: number | null
  readonly runs: readonly [readonly Run[], readonly Run[]]
}

/** Entries in the order in which a run has them. Throws RangeError for what is no revision. */
export function packRevisions(
  orgId: number,
  revisions: readonly (Revision & { readonly key: string })[],
): Buffer {
  const entries = Buffer.allocUnsafeSlow(revisions.length * entryBytes)
  for (const [index, revision] of revisions.entries()) {
    writeId(entries, index * entryBytes, orgId, revision.key)
    writeRevision(entries, index * entryBytes, revision)
  }
  return sortEntries(entries)
}

/** So many runs of about the same size become one. */
const runsAtOnce = 8
/** Nothing else happens while a run is made: a larger one would hold everything up for too long. */
const mostEntries = 1 << 19

interface GenerationRow {
  readonly generation: 0 | 1
  readonly sinceMs: number | null
}

interface RunRow {
  readonly firstChunk: number
  readonly entries: number
  readonly fences: Uint8Array
  readonly filter: Uint8Array
}

export function revisionTable(database: DatabaseSync, rememberMs: number): RevisionTable {
  const generations = [runTable(database, 0), runTable(database, 1)] as const
  const selectGeneration = prepare<GenerationRow>(
    database,
    'SELECT generation, generation_since_ms AS sinceMs FROM meta',
  )
  const setGeneration = prepare(database, 'UPDATE meta SET generation = ?, generation_since_ms = ?')
  let known: Remembered | undefined

  function remembered(): Remembered {
    const { generation, sinceMs } = selectGeneration.get() ?? { generation: 0, sinceMs: null }
    known ??= { generation, sinceMs, runs: [generations[0].runs(), generations[1].runs()] }
    return known
  }

  function turnedOver(nowMs: number): Remembered {
    const { generation, sinceMs, runs } = remembered()
    // A clock that had jumped ahead must not keep a generation for as long.
    if (sinceMs === null || sinceMs > nowMs) {
      setGeneration.run(generation, nowMs)
      return { generation, sinceMs: nowMs, runs }
    }
    if (nowMs - sinceMs < rememberMs) return { generation, sinceMs, runs }
    const elder = generation === 0 ? 1 : 0
    generations[elder].clear()
    setGeneration.run(elder, nowMs)
    return { generation: elder, sinceMs: nowMs, runs: withRuns(runs, elder, []) }
  }

  /** Looks through both generations; what is returned finds the entries of the id at a place. */
  function search(): (bytes: Buffer, at: number) => readonly Place[] {
    const { runs } = remembered()
    const searched = generations.flatMap(({ chunks }, generation) => {
      const kept = keptChunks(chunks)
      return (runs[generation] ?? []).map((run) => ({ run, kept }))
    })
    return (bytes, at) => {
      const hash = hashId(bytes, at)
      const found: Place[] = []
      for (const { run, kept } of searched) {
        if (run.filter.mayHave(hash)) found.push(...findEntries(run, { bytes, at }, kept))
      }
      return found
    }
  }

  function assertNew(entries: Buffer): void {
    const find = search()
    for (let at = 0; at < entries.length; at += entryBytes) {
      const isThere = (place: Place): boolean => isSameRevision(place.bytes, place.at, entries, at)
      let isKnown = find(entries, at).some(isThere)
      for (let next = at + entryBytes; next < entries.length; next += entryBytes) {
        if (compareIds(entries, at, entries, next) !== 0) break
        isKnown ||= isThere({ bytes: entries, at: next })
      }
      if (isKnown) throw new Error('a revision that is known already')
    }
  }

  return {
    find(orgId, keys) {
      const find = search()
      const id = Buffer.alloc(idBytes)
      const found = new Map<string, readonly Revision[]>()
      for (const key of keys) {
        writeId(id, 0, orgId, key)
        const revisions = find(id, 0).map(({ bytes, at }) => readRevision(bytes, at))
        if (revisions.length > 0)
          found.set(
            key,
            revisions.sort((a, b) => a.rank - b.rank),
          )
      }
      return found
    },
    remember(entries, nowMs) {
      assertNew(entries)
      const { generation, sinceMs, runs } = turnedOver(nowMs)
      const table = generations[generation]
      const run = table.write(entries, runs[generation])
      return { generation, sinceMs, runs: withRuns(runs, generation, [...runs[generation], run]) }
    },
    merge() {
      const { generation, sinceMs, runs } = remembered()
      const few = runsToMerge(runs[generation])
      if (few === undefined) return undefined
      const table = generations[generation]
      const run = mergeRuns(few, chunkAfter(runs[generation]), table.chunks)
      for (const merged of few) table.delete(merged)
      table.add(run)
      const others = runs[generation].filter((other) => !few.includes(other))
      return { generation, sinceMs, runs: withRuns(runs, generation, [...others, run]) }
    },
    adopt(next) {
      known = next
    },
  }
}

/** Runs of about the same size, if there are enough of them. */
function runsToMerge(runs: readonly Run[]): readonly Run[] | undefined {
  const bySize = Map.groupBy(runs, ({ entries }) => Math.floor(Math.log2(entries) / Math.log2(runsAtOnce)))
  return [...bySize.values()]
    .map((alike) => alike.slice(0, runsAtOnce))
    .find(
      (few) => few.length === runsAtOnce && few.reduce((sum, { entries }) => sum + entries, 0) <= mostEntries,
    )
}

function withRuns(
  [first, second]: Remembered['runs'],
  generation: 0 | 1,
  runs: readonly Run[],
): Remembered['runs'] {
  return generation === 0 ? [runs, second] : [first, runs]
}

/** So many are kept while ids are looked for: those that came as one page are in few. */
const mostKept = 256

function keptChunks(chunks: Chunks): Chunks {
  const kept = new Map<number, Buffer>()
  return {
    read(chunk) {
      const entries = kept.get(chunk) ?? chunks.read(chunk)
      if (kept.size === mostKept) kept.clear()
      kept.set(chunk, entries)
      return entries
    },
    write: chunks.write,
  }
}

export interface RunTable {
  readonly chunks: Chunks
  runs(): readonly Run[]
  /** Of sorted entries, one more run than these. */
  write(entries: Buffer, runs: readonly Run[]): Run
  add(run: Run): void
  delete(run: Run): void
  clear(): void
}

/** The runs of one generation. */
export function runTable(database: DatabaseSync, generation: 0 | 1): RunTable {
  const select = prepare<RunRow>(
    database,
    `SELECT first_chunk AS firstChunk, entries, fences, filter FROM run_${generation} ORDER BY first_chunk`,
  )
  const insert = prepare(
    database,
    `INSERT INTO run_${generation} (first_chunk, entries, fences, filter) VALUES (?, ?, ?, ?)`,
  )
  const remove = prepare(database, `DELETE FROM run_${generation} WHERE first_chunk = ?`)
  const selectChunk = prepare<{ entries: Uint8Array }>(
    database,
    `SELECT entries FROM chunk_${generation} WHERE number = ?`,
  )
  const insertChunk = prepare(database, `INSERT INTO chunk_${generation} (number, entries) VALUES (?, ?)`)
  const removeChunks = prepare(database, `DELETE FROM chunk_${generation} WHERE number >= ? AND number < ?`)
  const chunks: Chunks = {
    read(chunk) {
      const row = selectChunk.get(chunk)
      if (row === undefined) throw new Error(`the journal is damaged: no chunk ${chunk} of remembered keys`)
      return asBuffer(row.entries)
    },
    write: (chunk, entries) => insertChunk.run(chunk, entries),
  }
  const add = ({ firstChunk, entries, fences, filter }: Run): void =>
    insert.run(firstChunk, entries, fences, filter.bytes)
  return {
    chunks,
    add,
    write(entries, runs) {
      const writer = new RunWriter(chunks, chunkAfter(runs), entries.length / entryBytes)
      for (let at = 0; at < entries.length; at += entryBytes) writer.add(entries, at)
      const run = writer.end()
      add(run)
      return run
    },
    runs: () =>
      select.all().map(({ firstChunk, entries, fences, filter }) => ({
        firstChunk,
        entries,
        fences: asBuffer(fences),
        filter: new IdFilter(filter),
      })),
    delete(run) {
      remove.run(run.firstChunk)
      removeChunks.run(run.firstChunk, run.firstChunk + chunksOf(run))
    },
    clear() {
      // Without a WHERE, SQLite drops the pages of a table without looking at its rows.
      database.exec(`DELETE FROM run_${generation}; DELETE FROM chunk_${generation}`)
    },
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
