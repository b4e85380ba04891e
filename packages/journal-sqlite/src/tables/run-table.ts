import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../database/statement.ts'
import { entryBytes } from '../remembered/entry.ts'
import { IdFilter } from '../remembered/id-filter.ts'
import { type Chunks, chunkAfter, chunksOf, mergeRuns, type Run, RunWriter } from '../remembered/run.ts'

/** The runs of one generation. Except for reading, call its methods within a transaction. */
export interface RunTable {
  readonly chunks: Chunks
  runs(): readonly Run[]
  /** Writes sorted entries as a new run after these runs. */
  write(entries: Buffer, runs: readonly Run[]): Run
  /** Replaces some of these runs with one merged run. */
  merge(few: readonly Run[], runs: readonly Run[]): Run
  clear(): void
}

interface RunRow {
  readonly firstChunk: number
  readonly entries: number
  readonly fences: Uint8Array
  readonly filter: Uint8Array
}

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
      if (row === undefined)
        throw new Error(`the journal is damaged: chunk ${chunk} of the remembered keys is missing`)
      return asBuffer(row.entries)
    },
    write: (chunk, entries) => insertChunk.run(chunk, entries),
  }
  const add = ({ firstChunk, entries, fences, filter }: Run): void =>
    insert.run(firstChunk, entries, fences, filter.bytes)
  return {
    chunks,
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
    merge(few, runs) {
      const run = mergeRuns(few, chunkAfter(runs), chunks)
      for (const merged of few) {
        remove.run(merged.firstChunk)
        removeChunks.run(merged.firstChunk, merged.firstChunk + chunksOf(merged))
      }
      add(run)
      return run
    },
    clear() {
      // Without a WHERE clause, SQLite frees the pages of a table without visiting its rows.
      database.exec(`DELETE FROM run_${generation}; DELETE FROM chunk_${generation}`)
    },
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
