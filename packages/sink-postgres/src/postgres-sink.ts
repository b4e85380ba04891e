import type {
  Batch,
  Call,
  Failed,
  Finding,
  Mark,
  Opened,
  OpenOutcome,
  Rejected,
  Retry,
  Sink,
  SinkContext,
  SinkPlugin,
  WriteOutcome,
} from '@cdrstream/plugin'
import type { ClientConfig } from 'pg'
import { checkServer } from './check-server.ts'
import { classifyError } from './classify-error.ts'
import { connectionSettings } from './connection/connection-settings.ts'
import { Connection } from './connection/connection.ts'
import { type PostgresSinkOptions, postgresSinkOptions } from './postgres-sink-options.ts'
import { tableColumns } from './rows/table-columns.ts'
import { ensureSchema } from './schema/ensure-schema.ts'
import { monthOf } from './schema/months.ts'
import { Partitions } from './schema/partitions.ts'
import { readPosition, registerJournal } from './store/positions.ts'
import { BatchWriter } from './store/write-batch.ts'
import { writeMarks } from './store/write-marks.ts'

/** Writes each record once into a table of Postgres: see README.md. */
export const postgresSink: SinkPlugin<PostgresSinkOptions> = {
  cdrstream: 1,
  name: 'postgres',
  options: postgresSinkOptions,
  traits: ({ keepRevisions }) => ({
    idempotence: 'position',
    revisions: keepRevisions ? 'all' : 'latest',
    // A page of the API in one transaction.
    batch: { bytes: 16_000_000 },
  }),
  create: (options, context) => new PostgresSink(options, context),
}

class PostgresSink implements Sink {
  readonly #options: PostgresSinkOptions
  readonly #context: SinkContext
  readonly #partitions: Partitions
  readonly #writer: BatchWriter
  #connection: Connection | undefined
  #isSchemaReady = false
  /** Of the journal that was written last, or is being written. */
  #incarnation: string | undefined
  #registered: string | undefined

  constructor(options: PostgresSinkOptions, context: SinkContext) {
    this.#options = options
    this.#context = context
    this.#partitions = new Partitions(options)
    this.#writer = new BatchWriter({ ...options, sink: context.name })
  }

  async open(call: Call): Promise<OpenOutcome> {
    const outcome = await this.#outcome<Opened>(call, async (connection) => {
      if (!this.#isSchemaReady)
        await ensureSchema(connection, { ...this.#options, columns: tableColumns(this.#options) })
      this.#isSchemaReady = true
      await this.#partitions.ensure(connection, new Set(), Date.now())
      const { schema } = this.#options
      const position = await readPosition(connection, schema, this.#context.name, this.#incarnation)
      return { kind: 'opened', position }
    })
    // There was no record to reject.
    return outcome.kind === 'rejected' ? { kind: 'retry', cause: new Error(outcome.reason) } : outcome
  }

  write(batch: Batch, call: Call): Promise<WriteOutcome> {
    return this.#outcome<WriteOutcome>(call, async (connection) => {
      const { schema } = this.#options
      const { name: sink } = this.#context
      const { incarnation } = batch.from
      this.#incarnation = incarnation
      if (this.#registered !== incarnation) await registerJournal(connection, schema, sink, batch.from)
      this.#registered = incarnation
      await this.#partitions.ensure(connection, monthsOf(batch), Date.now())
      const refused = await this.#writer.write(connection, batch)
      return { kind: 'accepted', ...(refused.length > 0 && { refused }) }
    })
  }

  async mark(marks: readonly Mark[], call: Call): Promise<void> {
    const outcome = await this.#outcome(call, async (connection) => {
      await writeMarks(connection, this.#options.schema, marks)
      return undefined
    })
    if (outcome !== undefined) throw new Error('reason' in outcome ? outcome.reason : String(outcome.cause))
  }

  async check(call: Call): Promise<readonly Finding[]> {
    const outcome = await this.#outcome(call, (connection) => checkServer(connection, this.#options))
    if (!('kind' in outcome)) return outcome
    const { kind } = outcome
    if (kind === 'failed') return [{ level: 'error', code: outcome.code, message: outcome.remedy }]
    const message = `${kind === 'retry' ? String(outcome.cause) : outcome.reason}: check that the server runs and can be reached`
    return [{ level: 'error', code: 'unreachable', message }]
  }

  async close(call: Call): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    if (connection === undefined) return
    await connection.until(call.signal, () => connection.end())
  }

  /** Does the work on a connection; trouble ends the connection, and becomes an outcome. */
  async #outcome<Result>(
    { signal }: Call,
    work: (connection: Connection) => Promise<Result>,
  ): Promise<Result | Retry | Rejected | Failed> {
    try {
      this.#connection ??= await Connection.connect(this.#settings(), signal)
      const connection = this.#connection
      return await connection.until(signal, () => work(connection))
    } catch (error) {
      this.#connection?.destroy()
      this.#connection = undefined
      this.#isSchemaReady = false
      this.#registered = undefined
      this.#partitions.forget()
      this.#writer.forget()
      return classifyError(error)
    }
  }

  #settings(): ClientConfig {
    return connectionSettings(this.#options, this.#context.baseDirectory)
  }
}

function monthsOf({ records }: Batch): ReadonlySet<string> {
  const months = new Set<string>()
  let day = ''
  for (const { home } of records) {
    if (home === day) continue
    day = home
    months.add(monthOf(home))
  }
  return months
}
