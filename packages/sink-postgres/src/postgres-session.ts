import type {
  Batch,
  Call,
  Mark,
  Position,
  Presence,
  RecordReference,
  SinkSession,
  WriteOutcome,
} from '@cdrstream/plugin'
import { classifyError } from './classify-error.ts'
import type { Connection } from './connection/connection.ts'
import type { PostgresSinkOptions } from './postgres-sink-options.ts'
import type { Repertoire } from './rows/repertoire.ts'
import { monthsOf } from './schema/months.ts'
import type { Partitions } from './schema/partitions.ts'
import { findPresence } from './store/find-presence.ts'
import { registerJournal } from './store/positions.ts'
import { BatchWriter } from './store/write-batch.ts'
import { writeMarks } from './store/write-marks.ts'

export interface PostgresSessionParts {
  readonly connection: Connection
  readonly partitions: Partitions
  readonly options: PostgresSinkOptions
  /** The sink's name in the configuration. */
  readonly sink: string
  readonly repertoire: Repertoire
  /** The stored position, if it was issued by the journal that this session writes. */
  readonly owned?: Position | undefined
}

/** A session with one connection, and what the session has learned about the server so far. */
export class PostgresSession implements SinkSession {
  readonly #parts: PostgresSessionParts
  readonly #writer: BatchWriter
  /** The incarnation of the journal that this session has registered in the position table. */
  #registered: string | undefined

  constructor(parts: PostgresSessionParts) {
    this.#parts = parts
    const { options, sink, repertoire, owned } = parts
    this.#writer = new BatchWriter({ ...options, sink, repertoire, owned })
  }

  async write(batch: Batch, { signal }: Call): Promise<WriteOutcome> {
    const { connection } = this.#parts
    try {
      return await connection.until(signal, () => this.#write(batch))
    } catch (error) {
      const outcome = classifyError(error)
      // After a rejected batch, the engine sends parts of it to the same session.
      if (outcome.kind !== 'rejected' || !(await this.#isRolledBack(signal))) connection.destroy()
      return outcome
    }
  }

  async mark(marks: readonly Mark[], { signal }: Call): Promise<void> {
    const { connection, options } = this.#parts
    try {
      await connection.until(signal, () => writeMarks(connection, options.schema, marks))
    } catch (error) {
      if (!(await this.#isRolledBack(signal))) connection.destroy()
      throw redactError(error)
    }
  }

  async holds(records: readonly RecordReference[], { signal }: Call): Promise<readonly Presence[]> {
    const { connection, options } = this.#parts
    try {
      return await connection.until(signal, () => findPresence(connection, records, options))
    } catch (error) {
      throw redactError(error)
    }
  }

  async close({ signal }: Call): Promise<void> {
    await this.#parts.connection.end(signal)
  }

  async #write(batch: Batch): Promise<WriteOutcome> {
    const { connection, partitions, options, sink } = this.#parts
    const { incarnation } = batch.from
    if (this.#registered !== incarnation) await registerJournal(connection, options.schema, sink, batch.from)
    this.#registered = incarnation
    await partitions.ensure(connection, monthsOf(batch.records.map(({ home }) => home)), Date.now())
    const refused = await this.#writer.write(connection, batch)
    return refused.length > 0 ? { kind: 'refused', refused } : { kind: 'accepted' }
  }

  /** Rolls back the transaction. Returns true if that succeeded and the connection can be used again. */
  async #isRolledBack(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#parts.connection.until(signal, () => this.#parts.connection.rollback())
      return true
    } catch {
      return false
    }
  }
}

/**
 * Returns the error without the server's message, which may quote a record, because the engine logs what is
 * thrown.
 */
function redactError(error: unknown): Error {
  const outcome = classifyError(error)
  return new Error('reason' in outcome ? outcome.reason : String(outcome.cause ?? outcome.kind))
}
