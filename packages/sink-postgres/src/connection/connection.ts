import { pipeline } from 'node:stream/promises'
import { withSignal } from '@cdrstream/sink-kit'
import { Client, type ClientConfig, DatabaseError, type QueryResult, type QueryResultRow } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { boundAnswers } from './bound-answers.ts'
import { watchSignIn } from './watch-sign-in.ts'

/**
 * Read committed, because a look-up after a lock has to see what was committed before the lock was granted,
 * whatever the server's default.
 *
 * The settings end a transaction soon after its client is gone, so that it does not hold its locks against
 * the next one: a machine that was lost would otherwise hold them until TCP gives up, in two hours by
 * default, and a statement whose connection was closed until the statement ends by itself. A server on
 * Windows cannot notice the latter and refuses the setting.
 *
 * The limits of the role or the database do not apply: the engine aborts what takes too long, and then sends
 * less, whereas it would send a batch that the server canceled again and again.
 */
const begin = `begin isolation level read committed;
set local idle_in_transaction_session_timeout = '60s'; set local statement_timeout = 0;
set local tcp_keepalives_idle = 20; set local tcp_keepalives_interval = 10; set local tcp_keepalives_count = 4;
select set_config('client_connection_check_interval', '1s', true)
  where current_setting('client_connection_check_interval', true) is not null and version() !~* 'visual c|msvc|mingw|windows';
select set_config('transaction_timeout', '0', true) where current_setting('transaction_timeout', true) is not null`

/** What `attempt` goes back to. */
export const savepointStatement = 'savepoint attempt'

/**
 * One connection, used by one call at a time. It leaves no state at the server, so that a pooler can stand
 * between.
 */
export class Connection {
  readonly #ownClient: Client
  readonly #answers: ReturnType<typeof boundAnswers>

  private constructor(client: Client) {
    this.#ownClient = client
    this.#answers = boundAnswers(client)
  }

  /** For one request. */
  get #client(): Client {
    this.#answers.begin()
    return this.#ownClient
  }

  static async connect(settings: ClientConfig, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted()
    const client = new Client(settings)
    // The next call notices a connection that broke while no call was using it.
    client.on('error', () => {})
    const connection = new Connection(client)
    const signIn = watchSignIn(client)
    try {
      await connection.until(signal, () => client.connect())
      return connection
    } catch (error) {
      const fault = signIn.faultBehind(error)
      // The driver (pg 8.23) leaves it open where it cannot sign in the way that is asked for.
      connection.destroy()
      throw fault ?? error
    }
  }

  /**
   * Returns the rows of an unnamed statement: a named one would be bound to this connection, and to a plan
   * made for an empty table.
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

  /** Runs a COPY. The next part is made while the server takes the one before. */
  async copy(statement: string, parts: Iterable<Buffer>): Promise<void> {
    await pipeline(parts, this.#client.query(copyFrom(statement)))
  }

  /** Begins a transaction, with these statements in the same round trip. Returns the rows of the last one. */
  async begin<Row extends QueryResultRow>(statements: readonly string[]): Promise<readonly Row[]> {
    return lastRows<Row>(await this.#client.query([begin, ...statements].join(';\n')))
  }

  /** Runs these statements and commits the transaction, in one round trip. */
  async commit(statements: readonly string[] = []): Promise<void> {
    await this.run([...statements, 'commit'])
  }

  /** Ends the transaction, if there is one, and undoes what it did. */
  async rollback(): Promise<void> {
    await this.run(['rollback'])
  }

  /**
   * Does the work in a transaction, after `savepointStatement`. Returns false if the table already has a row
   * with the same key: then nothing of the work is left, and the transaction goes on.
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
   * Does the work. If `signal` is aborted meanwhile, destroys the connection and throws the signal's reason.
   */
  until<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    return withSignal(signal, work, () => this.destroy())
  }

  /** Closes the connection at once. The server then rolls back. */
  destroy(): void {
    this.#client.connection.stream.destroy()
  }

  /** Says goodbye to the server. Closes the connection at once if `signal` is aborted, or if it is broken. */
  async end(signal: AbortSignal): Promise<void> {
    try {
      if (!signal.aborted) await this.until(signal, () => this.#client.end())
    } finally {
      this.destroy()
    }
  }
}

/** For several statements at once, the client returns a list of results, which its types do not say. */
function lastRows<Row extends QueryResultRow>(results: unknown): readonly Row[] {
  const last = (results as readonly QueryResult<Row>[]).at(-1)
  return last?.rows ?? []
}

function isDuplicate(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23505'
}
