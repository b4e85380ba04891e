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
 * The remembered revisions of keys. Each commit adds a run of sorted entries, and several runs are merged
 * into a larger one. Two generations, so that old entries are deleted all at once.
 */
export interface RevisionTable {
  /** Returns the revisions of the keys that are known, ordered by rank. */
  find(orgId: number, keys: readonly string[]): ReadonlyMap<string, readonly Revision[]>
  /**
   * Writes the entries from `packRevisions`. Throws if a revision is already known, which is an error in the
   * caller. `acceptedAtMs` advances the age of the generations; a generation older than `rememberMs` may be
   * deleted. From page to page the age advances by at most a day, so that a clock jump does not make the
   * journal forget what it has just seen. Call it within a transaction.
   */
  remember(entries: Buffer, acceptedAtMs: WholeMs): Remembered
  /** Returns when the latest remembered revision was accepted, or undefined if there is none. */
  newestMs(): WholeMs | undefined
  /** Returns whether there are enough runs to merge some. */
  hasManyRuns(): boolean
  /** Merges several runs into one if there are many. Call it within a transaction. */
  merge(): Remembered
  /** Applies the result of `remember` or `merge` in memory. Call it after the transaction is committed. */
  adopt(remembered: Remembered): void
}

/** The in-memory state that mirrors the file. */
interface Remembered {
  /** The generation that receives new keys. */
  readonly generation: 0 | 1
  /** Null if the generation has no keys yet. */
  readonly sinceMs: WholeMs | null
  /** When the records of the latest page were accepted. */
  readonly newestMs: WholeMs | null
  readonly runs: readonly [readonly Run[], readonly Run[]]
}

/** Returns the sorted entries of these revisions. Throws RangeError if one is malformed. */
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

/**
 * How many runs of about the same size are merged. Sizes are about the same if they differ by less than this
 * factor.
 */
const manyRuns = 8
/** Longer than most pauses between pages with records, and much shorter than keys are remembered. */
const maxStepMs = 86_400_000
/** Merging blocks the event loop, so larger runs are not merged. */
const maxEntries = 1 << 19

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

  function advanceGenerations(nowMs: WholeMs): Remembered {
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

  /** Returns a function that finds the entries of an id in both generations. */
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
      if (fingerprints.has(fingerprint)) throw new Error('the revision is already known')
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
      const { runs, ...rest } = advanceGenerations(acceptedAtMs)
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
 * Returns how much of the time between two pages does not count towards age. Negative if the clock went back.
 */
function uncountedMs(beforeMs: WholeMs | null, nowMs: WholeMs): number {
  if (beforeMs === null) return 0
  const stepMs = nowMs - beforeMs
  return stepMs - Math.min(Math.max(stepMs, 0), maxStepMs)
}

/** Returns the smallest runs of about the same size, or none if there are too few. */
function runsToMerge(runs: readonly Run[]): readonly Run[] {
  const bySize = Map.groupBy(runs, ({ entries }) => Math.floor(Math.log2(entries) / Math.log2(manyRuns)))
  for (const alike of bySize.values()) {
    if (alike.length < manyRuns) continue
    let sum = 0
    const few = alike
      .toSorted((a, b) => a.entries - b.entries)
      .filter(({ entries }, index) => {
        sum += entries
        return index < manyRuns && sum <= maxEntries
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

/** How many chunks are cached while ids are looked up. The keys of one page are in few chunks. */
const maxKept = 256

function keptChunks(chunks: Chunks): Pick<Chunks, 'read'> {
  const kept = new Map<number, Buffer>()
  return {
    read(chunk) {
      const entries = kept.get(chunk) ?? chunks.read(chunk)
      if (kept.size === maxKept) kept.clear()
      kept.set(chunk, entries)
      return entries
    },
  }
}
