import type { CdrRecord, Position, Sink, WriteOutcome } from '@cdrstream/plugin'
import { Client } from 'pg'
import { postgresSink } from '../postgres-sink.ts'
import { postgresSinkOptions } from '../postgres-sink-options.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
export const call = { signal: new AbortController().signal }

export function makeSink(given: Readonly<Record<string, unknown>>, name = 'warehouse'): Sink {
  return postgresSink.create(postgresSinkOptions.parse(given), { name, baseDirectory: '/', log })
}

/** A sink that is driven as by a journal of this incarnation. */
export class TrialSink {
  readonly sink: Sink
  #at: Position

  constructor(given: Readonly<Record<string, unknown>>, incarnation = 'journal-1', name = 'warehouse') {
    this.sink = makeSink(given, name)
    this.#at = { incarnation, offset: 0, commit: '' }
  }

  async open(): Promise<void> {
    const outcome = await this.sink.open?.(call)
    if (outcome?.kind !== 'opened') throw new Error(`not opened: ${JSON.stringify(outcome)}`)
  }

  write(...records: readonly CdrRecord[]): Promise<WriteOutcome> {
    const from = this.#at
    const offset = from.offset + records.length
    this.#at = { ...from, offset, commit: `commit-${offset}` }
    return this.sink.write({ records, from, to: this.#at }, call)
  }

  /** Back to the beginning, as a journal that was restored. */
  rewind(): void {
    this.#at = { ...this.#at, offset: 0, commit: '' }
  }
}

/** Rows of a statement, for the superuser of `url`. */
export async function queryAt(url: string, text: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(text)
    return rows ?? []
  } finally {
    await client.end()
  }
}

export type Row = Readonly<Record<string, unknown>>
