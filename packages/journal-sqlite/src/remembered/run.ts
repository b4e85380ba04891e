import { compareIds, entryBytes, idBytes } from './entry.ts'
import { hashId, IdFilter } from './id-filter.ts'

/**
 * Entries sorted by id, stored in chunks that never change. Only the first ids of the chunks and the filter
 * are kept in memory.
 */
export interface Run {
  /** The number of its first chunk. The others follow. */
  readonly firstChunk: number
  readonly entries: number
  /** The first id of each chunk. */
  readonly fences: Buffer
  readonly filter: IdFilter
}

/** The storage of chunks. */
export interface Chunks {
  read(chunk: number): Buffer
  write(chunk: number, entries: Uint8Array): void
}

/** A chunk fills one page of the file, except for the bytes that SQLite needs. */
const chunkEntries = 169

export function chunksOf({ entries }: Pick<Run, 'entries'>): number {
  return Math.ceil(entries / chunkEntries)
}

/** Returns the number after the last chunk of these runs. */
export function chunkAfter(runs: readonly Run[]): number {
  return Math.max(0, ...runs.map((run) => run.firstChunk + chunksOf(run)))
}

/** Writes a run with a known number of entries, which must be added in the order of their ids. */
export class RunWriter {
  readonly #chunks: Chunks
  readonly #run: Run
  readonly #chunk = Buffer.allocUnsafeSlow(chunkEntries * entryBytes)
  #size = 0
  #full = 0

  constructor(chunks: Chunks, firstChunk: number, entries: number) {
    this.#chunks = chunks
    const fences = Buffer.alloc(chunksOf({ entries }) * idBytes)
    this.#run = { firstChunk, entries, fences, filter: IdFilter.for(entries) }
  }

  /** Adds the entry at this position. */
  add(bytes: Buffer, at: number): void {
    if (this.#size === 0) bytes.copy(this.#run.fences, this.#full * idBytes, at, at + idBytes)
    bytes.copy(this.#chunk, this.#size, at, at + entryBytes)
    this.#run.filter.add(hashId(bytes, at))
    this.#size += entryBytes
    if (this.#size === this.#chunk.length) this.#write()
  }

  end(): Run {
    if (this.#size > 0) this.#write()
    return this.#run
  }

  #write(): void {
    this.#chunks.write(this.#run.firstChunk + this.#full, this.#chunk.subarray(0, this.#size))
    this.#full += 1
    this.#size = 0
  }
}

/** The position of an entry or id in a buffer. */
export interface Place {
  readonly bytes: Buffer
  readonly at: number
}

/** Returns the positions of all entries in a run that have the id at the given position. */
export function findEntries(
  { fences, firstChunk }: Run,
  { bytes: ids, at: idAt }: Place,
  chunks: Pick<Chunks, 'read'>,
): readonly Place[] {
  const fenceCount = fences.length / idBytes
  const before = lowerBound(fenceCount, (fence) => compareIds(fences, fence * idBytes, ids, idAt))
  const found: Place[] = []
  // The entries of an id may start at the end of the chunk before the first fence that is not smaller.
  for (let chunk = Math.max(0, before - 1); chunk < fenceCount; chunk += 1) {
    if (compareIds(fences, chunk * idBytes, ids, idAt) > 0) break
    const bytes = chunks.read(firstChunk + chunk)
    const count = bytes.length / entryBytes
    const first = lowerBound(count, (entry) => compareIds(bytes, entry * entryBytes, ids, idAt))
    for (
      let at = first * entryBytes;
      at < bytes.length && compareIds(bytes, at, ids, idAt) === 0;
      at += entryBytes
    )
      found.push({ bytes, at })
  }
  return found
}

/** Returns the first index for which `compare` is not negative, or `count`. Expects ascending results. */
function lowerBound(count: number, compare: (index: number) => number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(middle) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Merges several runs into one, which starts at this chunk. */
export function mergeRuns(runs: readonly Run[], firstChunk: number, chunks: Chunks): Run {
  const writer = new RunWriter(
    chunks,
    firstChunk,
    runs.reduce((sum, { entries }) => sum + entries, 0),
  )
  let readers = runs.map((run) => new RunReader(run, chunks))
  while (readers.length > 0) {
    const least = readers.reduce((a, b) => (compareIds(b.bytes, b.at, a.bytes, a.at) < 0 ? b : a))
    writer.add(least.bytes, least.at)
    if (!least.next()) readers = readers.filter((reader) => reader !== least)
  }
  return writer.end()
}

/** Reads the entries of a run one by one. */
class RunReader {
  readonly #chunks: Chunks
  readonly #end: number
  #chunk: number
  bytes: Buffer
  at = 0

  constructor(run: Run, chunks: Chunks) {
    this.#chunks = chunks
    this.#chunk = run.firstChunk
    this.#end = run.firstChunk + chunksOf(run)
    this.bytes = chunks.read(this.#chunk)
  }

  /** Moves to the next entry. Returns false if there is none. */
  next(): boolean {
    this.at += entryBytes
    if (this.at < this.bytes.length) return true
    this.#chunk += 1
    if (this.#chunk === this.#end) return false
    this.bytes = this.#chunks.read(this.#chunk)
    this.at = 0
    return true
  }
}
