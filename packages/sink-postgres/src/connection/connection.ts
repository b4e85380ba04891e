import { pipeline } from 'node:stream/promises'
import { withSignal } from '@cdrstream/sink-kit'
import { Client, type ClientConfig, DatabaseError, type QueryResult, type QueryResultRow } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { boundAnswers } from './bound-answers.ts'
import { watchSignIn } from './watch-sign-in.ts'

/**
 * Read committed regardless of the server's default, because a lookup after a lock must see everything that
 * was committed before the lock was granted.
 *
 * The settings end a transaction soon after its client disappears. Otherwise, it would block the next session
 * until TCP gives up (by default after two hours), or until a running statement completes. Servers on Windows
 * cannot detect a closed connection during a statement, and reject that setting.
 *
 * Timeouts set for the role or the database are disabled, because the engine aborts a slow batch and then
 * sends a smaller one, but would repeat a batch that the server canceled.
 */
const begin = `begin isolation level read committed;
set local idle_in_transaction_session_timeout = '60s'; set local statement_timeout = 0;
set local tcp_keepalives_idle = 20; set local tcp_keepalives_interval = 10; set local tcp_keepalives_count = 4;
select set_config('client_connection_check_interval', '1s', true)
  where current_setting('client_connection_check_interval', true) is not null and version() !~* 'visual c|msvc|mingw|windows';
select set_config('transaction_timeout', '0', true) where current_setting('transaction_timeout', true) is not null`

/** Sets the savepoint that `attempt` rolls back to. */
export const savepointStatement = 'savepoint attempt'

/**
 * A connection that one call uses at a time. It keeps no state on the server, so that a pooler can be used.
 */
export class Connection {
  readonly #ownClient: Client
  readonly #answers: ReturnType<typeof boundAnswers>

  private constructor(client: Client) {
    this.#ownClient = client
    this.#answers = boundAnswers(client)
  }

  /** The client for one request. Each read resets the count of received bytes. */
  get #client(): Client {
    this.#answers.begin()
    return this.#ownClient
  }

  /**
   * Opens a connection and signs in. Throws a `SinkFault` if the server's sign-in method is not supported.
   */
  static async connect(settings: ClientConfig, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted()
    const client = new Client(settings)
    // If the connection breaks while it is idle, the next call fails.
    client.on('error', () => {})
    const connection = new Connection(client)
    const signIn = watchSignIn(client)
    try {
      await connection.until(signal, () => client.connect())
      return connection
    } catch (error) {
      const fault = signIn.faultBehind(error)
      // The driver (pg 8.23) leaves the connection open if it does not support the requested method.
      connection.destroy()
      throw fault ?? error
    }
  }

  /**
   * Runs a statement and returns its rows. The statement is unnamed, because a named statement would be bound
   * to this connection and could keep a plan made for an empty table.
   */
  async query<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const { rows } = await this.#client.query<Row>(text, [...values])
    return rows
  }

  /** Runs statements without values, in one round trip. */
  async run(statements: readonly string[]): Promise<void> {
    await this.#client.query(statements.join(';\n'))
  }

  /** Runs a COPY. Each part is produced while the server receives the previous one. */
  async copy(statement: string, parts: Iterable<Buffer>): Promise<void> {
    await pipeline(parts, this.#client.query(copyFrom(statement)))
  }

  /**
   * Begins a transaction and runs these statements in one round trip. Returns the rows of the last statement.
   */
  async begin<Row extends QueryResultRow>(statements: readonly string[]): Promise<readonly Row[]> {
    return lastRows<Row>(await this.#client.query([begin, ...statements].join(';\n')))
  }

  /** Runs these statements and commits the transaction, in one round trip. */
  async commit(statements: readonly string[] = []): Promise<void> {
    await this.run([...statements, 'commit'])
  }

  /** Rolls back the transaction, if there is one. */
  async rollback(): Promise<void> {
    await this.run(['rollback'])
  }

  /**
   * Does the work in a transaction, after `savepointStatement`. If the table already has a row with the same
   * key, rolls back the work, returns false, and the transaction continues.
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

  /**
   * Does the work. If `signal` is aborted in the meantime, destroys the connection and throws its reason.
   */
  until<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    return withSignal(signal, work, () => this.destroy())
  }

  /** Closes the connection immediately. The server then rolls back. */
  destroy(): void {
    this.#client.connection.stream.destroy()
  }

  /** Ends the session and closes the connection. If `signal` is aborted, closes it immediately. */
  async end(signal: AbortSignal): Promise<void> {
    try {
      if (!signal.aborted) await this.until(signal, () => this.#client.end())
    } finally {
      this.destroy()
    }
  }
}

/** For several statements in one query, the client returns a list of results, which its types do not show. */
function lastRows<Row extends QueryResultRow>(results: unknown): readonly Row[] {
  const last = (results as readonly QueryResult<Row>[]).at(-1)
  return last?.rows ?? []
}

function isDuplicate(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23505'
}
