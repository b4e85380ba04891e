import type { Client } from 'pg'
import { mechanismUnknown, notPostgres } from './connection-faults.ts'

/**
 * How much the server may send in response to one request. The largest response that the sink needs, the
 * lookup of a batch of 5,000 keys, is smaller than 2 MB. In memory, rows take up to ten times as much space
 * as on the wire.
 */
const maxBytes = 8_000_000

interface AnswerBound {
  /** Resets the count of received bytes. Call it before each request. */
  begin(): void
}

/**
 * Limits how much a server, or something in its place, may send to a client that is about to connect. The
 * driver itself (pg 8.23) buffers even a message that announces 2 GB, and a message that contradicts its own
 * length terminates the process with an exception that no caller can catch.
 */
export function boundAnswers(client: Client): AnswerBound {
  const { connection } = client
  let receivedBytes = 0
  const bound = (): void => {
    const { stream } = connection
    const parsers = stream.listeners('data')
    stream.removeAllListeners('data')
    stream.on('data', (chunk: Buffer) => {
      if (stream.destroyed) return
      receivedBytes += chunk.length
      if (receivedBytes > maxBytes) {
        stream.destroy(notPostgres('answer-too-large', 'it sent a larger response than PostgreSQL does'))
        return
      }
      try {
        for (const parse of parsers) parse.call(stream, chunk)
      } catch {
        // The caught error's message may contain a value.
        stream.destroy(
          isUnknownSignIn(chunk)
            ? mechanismUnknown()
            : notPostgres('answer-not-understood', 'it does not follow the protocol'),
        )
      }
    })
  }
  // The driver has added its listeners by then. With TLS, it listens on a different stream, which is created
  // later.
  connection.on('connect', () => {
    if (!isEncrypted(connection)) bound()
  })
  connection.on('sslconnect', bound)
  return {
    begin: () => {
      receivedBytes = 0
    },
  }
}

/**
 * Returns whether the server requests Kerberos, GSSAPI or SSPI. The request arrives in a separate chunk,
 * because the server waits for the response.
 */
function isUnknownSignIn(chunk: Buffer): boolean {
  return (
    chunk.length >= 9 &&
    chunk.toString('latin1', 0, 1) === 'R' &&
    [2, 7, 8, 9].includes(chunk.readUInt32BE(5))
  )
}

function isEncrypted(connection: object): boolean {
  return 'ssl' in connection && connection.ssl !== false
}
