import { appendFile, readFile, truncate } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Call, CdrFields, CdrRecord, Failed, Position, Retry } from '@cdrstream/plugin'

/** What the reference sinks write: one line a batch, in a file that outlives the process. */
export interface StoredBatch {
  readonly position?: Position
  readonly records: readonly StoredRecord[]
}

export interface StoredRecord {
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  /** Where it lies: a reader finds one revision of each key in each. */
  readonly partition: string
  readonly fields: CdrFields
  readonly extra: readonly (readonly [string, unknown])[]
}

export function storedRecord(record: CdrRecord): StoredRecord {
  const { org, key, rank, home, fields, extra } = record
  return { org, key, rank, home, partition: home, fields, extra: [...extra] }
}

/** What may be wrong with a store: set in a file beside it. */
export type StoreTrouble = 'down' | 'denied' | 'hang'

export class StoreError extends Error {
  readonly trouble: StoreTrouble

  constructor(trouble: StoreTrouble) {
    super(`the store is ${trouble}`)
    this.trouble = trouble
  }
}

/** A file of lines. A last line that is torn counts as not written. */
export class StoreFile {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  /** All that is stored. Removes what a crash has left of a line. */
  async load({ signal }: Call): Promise<readonly StoredBatch[]> {
    await this.#reach(signal)
    const text = await readText(this.#path)
    const end = text.lastIndexOf('\n') + 1
    if (end < text.length) await truncate(this.#path, Buffer.byteLength(text.slice(0, end)))
    return parseStore(text)
  }

  async append(batch: StoredBatch, { signal }: Call): Promise<void> {
    await this.#reach(signal)
    const says = batch.records.length > 0 || batch.position !== undefined
    if (says) await appendFile(this.#path, storeLine(batch))
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

/** Every line that is whole. */
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

/** The outcome that an error becomes. */
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
