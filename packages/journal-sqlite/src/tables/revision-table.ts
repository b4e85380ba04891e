import type { DatabaseSync } from 'node:sqlite'
import { type Revision, type WholeMs, wholeMs } from '@cdrstream/core'
import { prepare } from '../database/statement.ts'
import {
  compareIds,
  entryBytes,
  fingerprintOf,
  idBytes,
  readRevision,
  sortEntries,
  writeId,
  writeRevision,
} from '../remembered/entry.ts'
import { hashId } from '../remembered/id-filter.ts'
import { type Chunks, findEntries, type Place, type Run } from '../remembered/run.ts'
import { runTable } from './run-table.ts'

/**
 * What is remembered of each key: a run of sorted entries for each commit, and of several runs one larger
 * one. In two generations, as old ones go as a whole.
 */
export interface RevisionTable {
  /** Of the keys that are known; the revisions of a key in the order of rank. */
  find(orgId: number, keys: readonly string[]): ReadonlyMap<string, readonly Revision[]>
  /**
   * Within a transaction: writes what `packRevisions` gave. A revision that is known already breaks the
   * contract of the caller, and throws. `acceptedAtMs` turns the generations over: what is older than
   * `rememberMs` may go. A step from one page to the next counts as a day at most: a clock that jumps must
   * not make the journal forget what it has just seen.
   */
  remember(entries: Buffer, acceptedAtMs: WholeMs): Remembered
  /** When what was remembered last was accepted; undefined if there was nothing yet. */
  newestMs(): WholeMs | undefined
  /** Whether there are so many runs that some should be merged. */
  hasManyRuns(): boolean
  /** Within a transaction: makes one run of several, if there are many. */
  merge(): Remembered
  /** To be told when the transaction that led to it is committed. */
  adopt(remembered: Remembered): void
}

/** What is in memory of what the file has. */
interface Remembered {
  /** The one that takes new keys. */
  readonly generation: 0 | 1
  /** Null: it has taken none yet. */
  readonly sinceMs: WholeMs | null
  /** Of the last page. */
  readonly newestMs: WholeMs | null
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

/** So many of about the same size become one: each is less than so many times as large as another. */
const manyRuns = 8
/** Longer than most pauses between two pages with records, and much shorter than the memory. */
const mostStepMs = 86_400_000
/** Nothing else happens while a run is made: a larger one would hold everything up for too long. */
const mostEntries = 1 << 19

interface GenerationRow {
  readonly generation: 0 | 1
  readonly sinceMs: WholeMs | null
  readonly newestMs: WholeMs | null
}

export function revisionTable(database: DatabaseSync, rememberMs: number): RevisionTable {
  const generations = [runTable(database, 0), runTable(database, 1)] as const
  const selectGeneration = prepare<GenerationRow>(
    database,
    'SELECT generation, generation_since_ms AS sinceMs, newest_accepted_ms AS newestMs FROM meta',
  )
  const setGeneration = prepare(
    database,
    'UPDATE meta SET generation = ?, generation_since_ms = ?, newest_accepted_ms = ?',
  )
  let known: Remembered | undefined

  function remembered(): Remembered {
    known ??= {
      ...(selectGeneration.get() ?? { generation: 0, sinceMs: null, newestMs: null }),
      runs: [generations[0].runs(), generations[1].runs()],
    }
    return known
  }

  function turnedOver(nowMs: WholeMs): Remembered {
    const { generation, runs, ...known } = remembered()
    const sinceMs =
      known.sinceMs === null ? nowMs : wholeMs(known.sinceMs + uncountedMs(known.newestMs, nowMs))
    const isOver = nowMs - sinceMs >= rememberMs
    const next = isOver ? (generation === 0 ? 1 : 0) : generation
    const since = isOver ? nowMs : sinceMs
    if (isOver) generations[next].clear()
    setGeneration.run(next, since, nowMs)
    return {
      generation: next,
      sinceMs: since,
      newestMs: nowMs,
      runs: isOver ? withRuns(runs, next, []) : runs,
    }
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
        if (!run.filter.mayHave(hash)) continue
        for (const place of findEntries(run, { bytes, at }, kept)) found.push(place)
      }
      return found
    }
  }

  function assertNew(entries: Buffer): void {
    const find = search()
    let fingerprints = new Set<string>()
    for (let at = 0; at < entries.length; at += entryBytes) {
      if (at === 0 || compareIds(entries, at - entryBytes, entries, at) !== 0)
        fingerprints = new Set(find(entries, at).map((place) => fingerprintOf(place.bytes, place.at)))
      const fingerprint = fingerprintOf(entries, at)
      if (fingerprints.has(fingerprint)) throw new Error('a revision that is known already')
      fingerprints.add(fingerprint)
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
        if (revisions.length === 0) continue
        revisions.sort((a, b) => a.rank - b.rank)
        found.set(key, revisions)
      }
      return found
    },
    newestMs: () => remembered().newestMs ?? undefined,
    remember(entries, acceptedAtMs) {
      assertNew(entries)
      const { runs, ...rest } = turnedOver(acceptedAtMs)
      const { generation } = rest
      const run = generations[generation].write(entries, runs[generation])
      return { ...rest, runs: withRuns(runs, generation, [...runs[generation], run]) }
    },
    hasManyRuns() {
      const { generation, runs } = remembered()
      return runsToMerge(runs[generation]).length > 0
    },
    merge() {
      const { runs, ...rest } = remembered()
      const { generation } = rest
      const few = runsToMerge(runs[generation])
      if (few.length === 0) return remembered()
      const run = generations[generation].merge(few, runs[generation])
      const others = runs[generation].filter((other) => !few.includes(other))
      return { ...rest, runs: withRuns(runs, generation, [...others, run]) }
    },
    adopt(next) {
      known = next
    },
  }
}

/**
 * What of the step from the page before to this one does not count as time that passed; negative for a step
 * back.
 */
function uncountedMs(beforeMs: WholeMs | null, nowMs: WholeMs): number {
  if (beforeMs === null) return 0
  const stepMs = nowMs - beforeMs
  return stepMs - Math.min(Math.max(stepMs, 0), mostStepMs)
}

/** The smallest of those that are of about the same size, if these are many. */
function runsToMerge(runs: readonly Run[]): readonly Run[] {
  const bySize = Map.groupBy(runs, ({ entries }) => Math.floor(Math.log2(entries) / Math.log2(manyRuns)))
  for (const alike of bySize.values()) {
    if (alike.length < manyRuns) continue
    let sum = 0
    const few = alike
      .toSorted((a, b) => a.entries - b.entries)
      .filter(({ entries }, index) => {
        sum += entries
        return index < manyRuns && sum <= mostEntries
      })
    if (few.length > 1) return few
  }
  return []
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

function keptChunks(chunks: Chunks): Pick<Chunks, 'read'> {
  const kept = new Map<number, Buffer>()
  return {
    read(chunk) {
      const entries = kept.get(chunk) ?? chunks.read(chunk)
      if (kept.size === mostKept) kept.clear()
      kept.set(chunk, entries)
      return entries
    },
  }
}
