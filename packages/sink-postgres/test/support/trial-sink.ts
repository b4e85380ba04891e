import type { CdrRecord, OpenOutcome, Position, Sink, SinkSession, WriteOutcome } from '@cdrstream/plugin'
import { Client } from 'pg'
import { postgresSink } from '../../src/postgres-sink.ts'
import { postgresSinkOptions } from '../../src/postgres-sink-options.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
export const call = { signal: new AbortController().signal }

export function makeSink(given: Readonly<Record<string, unknown>>, name = 'warehouse'): Sink {
  return postgresSink.create(postgresSinkOptions.parse(given), { name, baseDirectory: '/', log })
}

/** Opens a sink, closes the session if there is one, and returns the outcome. */
export async function tryOpen(sink: Sink): Promise<OpenOutcome> {
  const outcome = await sink.open({ ...call, acknowledged: null, owns: async () => true })
  if (outcome.kind === 'opened') await outcome.session.close?.(call)
  return outcome
}

/** A sink, called as an engine whose journal has this incarnation would call it. */
export class TrialSink {
  readonly sink: Sink
  #session: SinkSession | undefined
  #at: Position

  constructor(given: Readonly<Record<string, unknown>>, incarnation = 'journal-1', name = 'warehouse') {
    this.sink = makeSink(given, name)
    this.#at = { incarnation, offset: 0, commit: '' }
  }

  /** Closes the current session and opens a new one. Returns the stored position. */
  async open(acknowledged: Position | null = null): Promise<Position | null | undefined> {
    await this.close()
    const outcome = await this.sink.open({ ...call, acknowledged, owns: async () => true })
    if (outcome.kind !== 'opened') throw new Error(`not opened: ${JSON.stringify(outcome)}`)
    this.#session = outcome.session
    return outcome.position
  }

  get session(): SinkSession {
    if (this.#session === undefined) throw new Error('no session')
    return this.#session
  }

  write(...records: readonly CdrRecord[]): Promise<WriteOutcome> {
    return this.writeUntil(call.signal, ...records)
  }

  writeUntil(signal: AbortSignal, ...records: readonly CdrRecord[]): Promise<WriteOutcome> {
    const from = this.#at
    const offset = from.offset + records.length
    this.#at = { ...from, offset, commit: `commit-${offset}` }
    return this.session.write({ records, from, to: this.#at }, { signal })
  }

  /** Goes back to the beginning, as a restored journal does. */
  rewind(): void {
    this.#at = { ...this.#at, offset: 0, commit: '' }
  }

  async close(): Promise<void> {
    const session = this.#session
    this.#session = undefined
    await session?.close?.(call)
  }
}

/** Runs a statement as the superuser in `url`, and returns its rows. */
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
