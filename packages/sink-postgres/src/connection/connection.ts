import { pipeline } from 'node:stream/promises'
import { Client, type ClientConfig, DatabaseError, type QueryResult, type QueryResultRow } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/**
 * A look-up behind a lock has to see what was committed before the lock was given, whatever the server's default is. And a writer that
 * vanished without a word (its machine lost, its process stopped) must not hold up the others until the server's TCP gives up, in two
 * hours by default.
 */
const begin = `begin isolation level read committed;
set local idle_in_transaction_session_timeout = '60s';
set local tcp_keepalives_idle = 20; set local tcp_keepalives_interval = 10; set local tcp_keepalives_count = 4`

/** What `attempt` goes back to. */
export const savepointStatement = 'savepoint attempt'

/** One connection, used by one call at a time. It leaves no state behind at the server, so a pooler may stand between. */
export class Connection {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
  }

  static async connect(settings: ClientConfig, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted()
    const client = new Client(settings)
    // A connection that breaks while nobody uses it is noticed by who uses it next.
    client.on('error', () => {})
    const connection = new Connection(client)
    await connection.until(signal, () => client.connect())
    return connection
  }

  /** Rows of an unnamed statement: a named one would be bound to this connection, and to a plan made for an empty table. */
  async query<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const { rows } = await this.#client.query<Row>(text, [...values])
    return rows
  }

  /** Statements without values, in one round. */
  async run(statements: readonly string[]): Promise<void> {
    await this.#client.query(statements.join(';\n'))
  }

  /** While the server takes in one part, the next is made. */
  async copy(statement: string, parts: Iterable<Buffer>): Promise<void> {
    await pipeline(parts, this.#client.query(copyFrom(statement)))
  }

  /**
   * Begins a transaction, with these statements in the same round; gives the rows of the last. After an error the connection is of no
   * more use.
   */
  async begin<Row extends QueryResultRow>(statements: readonly string[]): Promise<readonly Row[]> {
    return lastRows<Row>(await this.#client.query([begin, ...statements].join(';\n')))
  }

  /** These statements, and the end of the transaction, in one round. */
  async commit(statements: readonly string[] = []): Promise<void> {
    await this.run([...statements, 'commit'])
  }

  /**
   * Behind `savepointStatement` in a transaction. False: a row with the same key is there; nothing of the work is left, and the
   * transaction goes on.
   */
  async attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (!isDuplicate(error)) throw error
      await this.run(['rollback to savepoint attempt'])
      return false
    }
  }

  /** Does the work, or breaks the connection when `signal` is aborted; then the work fails. */
  async until<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted()
    const aborted = Promise.withResolvers<never>()
    const abort = (): void => {
      this.destroy()
      aborted.reject(signal.reason)
    }
    signal.addEventListener('abort', abort)
    try {
      return await Promise.race([work(), aborted.promise])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** Without a word to the server, which then rolls back. */
  destroy(): void {
    this.#client.connection.stream.destroy()
  }

  async end(): Promise<void> {
    await this.#client.end()
  }
}

/** Of several statements at once the client gives a list of results, which its types do not tell. */
function lastRows<Row extends QueryResultRow>(results: unknown): readonly Row[] {
  const last = (results as readonly QueryResult<Row>[]).at(-1)
  return last?.rows ?? []
}

function isDuplicate(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23505'
}
