import type { Call, Finding, OpenCall, OpenOutcome, Sink, SinkContext } from '@cdrstream/plugin'
import { defineSink } from '@cdrstream/plugin'
import { checkServer, connectionFinding } from './check-server.ts'
import { classifyError } from './classify-error.ts'
import { type Connected, connectToWritable } from './connection/connect-to-writable.ts'
import { connectionSettings } from './connection/connection-settings.ts'
import { PostgresSession } from './postgres-session.ts'
import { type PostgresSinkOptions, postgresSinkOptions } from './postgres-sink-options.ts'
import { readRepertoire } from './rows/repertoire.ts'
import { tableColumns } from './rows/table-columns.ts'
import { ensureSchema } from './schema/ensure-schema.ts'
import { Partitions } from './schema/partitions.ts'
import { readPosition } from './store/positions.ts'

/** The plugin of the Postgres sink, which stores each record exactly once in a table. See README.md. */
export const postgresSink = defineSink({
  name: 'postgres',
  options: postgresSinkOptions,
  traits: ({ keepRevisions }) => ({
    idempotence: 'position',
    replayable: true,
    revisions: keepRevisions ? 'all' : 'latest',
    // Large enough for one page of the API, which is then one transaction.
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

  async open({ acknowledged, owns, signal }: OpenCall): Promise<OpenOutcome> {
    const options = this.#options
    const { name: sink } = this.#context
    try {
      return await this.#connected<OpenOutcome>(signal, async ({ connection }) => {
        await ensureSchema(connection, { ...options, columns: tableColumns(options) })
        const partitions = new Partitions(options)
        await partitions.ensure(connection, new Set(), Date.now())
        const position = await readPosition(connection, options.schema, sink, acknowledged?.incarnation)
        const repertoire = await readRepertoire(connection)
        // An earlier batch is then a replay from the same journal, not from a restored copy.
        const owned = position !== null && (await owns(position)) ? position : undefined
        const session = new PostgresSession({ connection, partitions, options, sink, repertoire, owned })
        return { kind: 'opened', session, position }
      })
    } catch (error) {
      const outcome = classifyError(error)
      // The sink has not sent any record yet, so the server cannot have rejected one.
      return outcome.kind === 'rejected' ? { kind: 'retry', cause: new Error(outcome.reason) } : outcome
    }
  }

  async check({ signal }: Call): Promise<readonly Finding[]> {
    try {
      return await this.#connected(signal, async ({ connection, server }) => {
        const findings = await checkServer(connection, server, this.#options)
        await connection.end(signal)
        return findings
      })
    } catch (error) {
      return [connectionFinding(error)]
    }
  }

  /** Opens a connection and does the work on it. The connection stays open if the work succeeds. */
  async #connected<Result>(
    signal: AbortSignal,
    work: (connected: Connected) => Promise<Result>,
  ): Promise<Result> {
    const servers = connectionSettings(this.#options, this.#context.baseDirectory)
    const connected = await connectToWritable(servers, signal)
    const { connection } = connected
    try {
      return await connection.until(signal, () => work(connected))
    } catch (error) {
      connection.destroy()
      throw error
    }
  }
}
