import type {
  Call,
  Failed,
  Finding,
  OpenCall,
  OpenOutcome,
  Rejected,
  Retry,
  Sink,
  SinkContext,
} from '@cdrstream/plugin'
import { defineSink } from '@cdrstream/plugin'
import { checkServer } from './check-server.ts'
import { classifyError } from './classify-error.ts'
import { Connection } from './connection/connection.ts'
import { connectionSettings } from './connection/connection-settings.ts'
import { PostgresSession } from './postgres-session.ts'
import { type PostgresSinkOptions, postgresSinkOptions } from './postgres-sink-options.ts'
import { tableColumns } from './rows/table-columns.ts'
import { ensureSchema } from './schema/ensure-schema.ts'
import { Partitions } from './schema/partitions.ts'
import { readPosition } from './store/positions.ts'

/** Writes each record once into a table of PostgreSQL. See README.md. */
export const postgresSink = defineSink({
  name: 'postgres',
  options: postgresSinkOptions,
  traits: ({ keepRevisions }) => ({
    idempotence: 'position',
    revisions: keepRevisions ? 'all' : 'latest',
    // One page of the API fits into one transaction.
    batch: { bytes: 16_000_000 },
  }),
  create: (options, context) => new PostgresSink(options, context),
})

class PostgresSink implements Sink {
  readonly #options: PostgresSinkOptions
  readonly #context: SinkContext

  constructor(options: PostgresSinkOptions, context: SinkContext) {
    this.#options = options
    this.#context = context
  }

  async open({ acknowledged, signal }: OpenCall): Promise<OpenOutcome> {
    const options = this.#options
    const { name: sink } = this.#context
    const outcome = await this.#connected<OpenOutcome>(signal, async (connection) => {
      await ensureSchema(connection, { ...options, columns: tableColumns(options) })
      const partitions = new Partitions(options)
      await partitions.ensure(connection, new Set(), Date.now())
      const position = await readPosition(connection, options.schema, sink, acknowledged?.incarnation)
      return {
        kind: 'opened',
        session: new PostgresSession({ connection, partitions, options, sink }),
        position,
      }
    })
    // No record has been sent that could be rejected.
    return outcome.kind === 'rejected' ? { kind: 'retry', cause: new Error(outcome.reason) } : outcome
  }

  async check({ signal }: Call): Promise<readonly Finding[]> {
    const outcome = await this.#connected(signal, async (connection) => {
      const findings = await checkServer(connection, this.#options)
      await connection.end(signal)
      return findings
    })
    if (!('kind' in outcome)) return outcome
    const { kind } = outcome
    if (kind === 'failed') return [{ level: 'error', code: outcome.code, message: outcome.remedy }]
    const problem = kind === 'retry' ? String(outcome.cause) : outcome.reason
    const message = `${problem}: check that the server is running and can be reached`
    return [{ level: 'error', code: 'unreachable', message }]
  }

  /** Does the work on a new connection, which stays open if the work succeeds. */
  async #connected<Result>(
    signal: AbortSignal,
    work: (connection: Connection) => Promise<Result>,
  ): Promise<Result | Retry | Rejected | Failed> {
    let connection: Connection | undefined
    try {
      const settings = connectionSettings(this.#options, this.#context.baseDirectory)
      const connected = await Connection.connect(settings, signal)
      connection = connected
      return await connected.until(signal, () => work(connected))
    } catch (error) {
      connection?.destroy()
      return classifyError(error)
    }
  }
}
