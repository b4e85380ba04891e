import { appendFile, readFile, truncate } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Call, CdrFields, CdrRecord, Failed, Position, Retry } from '@cdrstream/plugin'

/** A batch as the reference sinks write it: one line of a file. */
export interface StoredBatch {
  readonly position?: Position
  readonly records: readonly StoredRecord[]
}

/** A record as the reference sinks write it. */
export interface StoredRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  /** The partition of the record. A reader sees one revision of each key in each partition. */
  readonly partition: string
  readonly fields: CdrFields
  readonly extra: readonly (readonly [string, unknown])[]
}

export function storedRecord(record: CdrRecord): StoredRecord {
  const { org, key, rank, home, fields, extra } = record
  return { org, key, rank, home, partition: home, fields, extra: [...extra] }
}

/** What is wrong with a store, according to the `.trouble` file beside it. */
export type StoreTrouble = 'down' | 'denied' | 'hang'

export class StoreError extends Error {
  readonly trouble: StoreTrouble

  constructor(trouble: StoreTrouble) {
    super(`the store is ${trouble}`)
    this.trouble = trouble
  }
}

/** A file of lines. An incomplete last line counts as not written. */
export class StoreFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** Returns everything that is stored. Removes an incomplete line that a crash left behind. */
  async load({ signal }: Call): Promise<readonly StoredBatch[]> {
    await this.#reach(signal)
    const text = await readText(this.#path)
    const end = text.lastIndexOf('\n') + 1
    if (end < text.length) await truncate(this.#path, Buffer.byteLength(text.slice(0, end)))
    return parseStore(text)
  }

  async append(batch: StoredBatch, { signal }: Call): Promise<void> {
    await this.#reach(signal)
    const isEmpty = batch.records.length === 0 && batch.position === undefined
    if (!isEmpty) await appendFile(this.#path, storeLine(batch))
  }

  async #reach(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const trouble = await readText(troublePath(this.#path))
    if (trouble === 'hang') await delay(60_000, undefined, { signal, ref: false })
    if (trouble === 'down' || trouble === 'denied') throw new StoreError(trouble)
  }
}

export function storeLine(batch: StoredBatch): string {
  return `${JSON.stringify(batch)}\n`
}

/** Returns the batches of all complete lines. */
export function parseStore(text: string): readonly StoredBatch[] {
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => parseLine(line))
}

function parseLine(line: string): StoredBatch[] {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}

export function troublePath(path: string): string {
  return `${path}.trouble`
}

export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

/** Returns the outcome for a store error. */
export function classifyError(cause: unknown): Retry | Failed {
  if (cause instanceof StoreError && cause.trouble === 'denied') {
    return {
      kind: 'failed',
      code: 'permission-denied',
      remedy: 'allow this user to write to the store',
      cause,
    }
  }
  return { kind: 'retry', cause }
}
