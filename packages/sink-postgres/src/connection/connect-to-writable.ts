import { Connection } from './connection.ts'
import type { ServerSettings } from './connection-settings.ts'
import { isSignInRefused } from './watch-sign-in.ts'

/** A connection, and the settings of its server. */
export interface Connected {
  readonly connection: Connection
  readonly server: ServerSettings
}

/** The SQLSTATE for a write in a read-only transaction. */
const readOnly = '25006'

/**
 * Connects to the first server that is reachable and accepts writes. A single server does not have to accept
 * writes. As in libpq, a refused sign-in ends the search. If no server qualifies, throws the last server's
 * error.
 */
export async function connectToWritable(
  servers: readonly ServerSettings[],
  signal: AbortSignal,
): Promise<Connected> {
  let problem: unknown
  for (const server of servers) {
    try {
      const connection = await Connection.connect(server.client, signal)
      if (servers.length === 1 || (await isWritable(connection, signal))) return { connection, server }
      connection.destroy()
      problem = Object.assign(new Error('none of the servers accepts writes'), { code: readOnly })
    } catch (error) {
      signal.throwIfAborted()
      if (isSignInRefused(error)) throw error
      problem = error
    }
  }
  throw problem
}

async function isWritable(connection: Connection, signal: AbortSignal): Promise<boolean> {
  try {
    const [row] = await connection.until(signal, () =>
      connection.query<{ writable: boolean }>(
        `select current_setting('transaction_read_only') = 'off' as writable`,
      ),
    )
    return row?.writable === true
  } catch (error) {
    connection.destroy()
    throw error
  }
}
