import type { Client } from 'pg'
import { mechanismUnknown, notPostgres } from './connection-faults.ts'

/**
 * Of what the server sends between two requests. The largest answer that the sink asks for, what is there of
 * the 5,000 keys of a batch, has less than 2 MB. In memory, rows take up to ten times of what they take on
 * the wire.
 */
const mostBytes = 8_000_000

interface AnswerBound {
  /** To be called before each request: what comes from now on is the answer to it. */
  begin(): void
}

/**
 * Bounds what the server, or what stands in its place, may send to a client that is about to connect. The
 * driver itself (pg 8.23) collects whatever comes, be it a message that is announced with 2 GB, and a message
 * that contradicts its own length ends the process by an exception that no caller can catch.
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
      if (receivedBytes > mostBytes) {
        stream.destroy(notPostgres('answer-too-large', 'it sends more than PostgreSQL ever does here'))
        return
      }
      try {
        for (const parse of parsers) parse.call(stream, chunk)
      } catch {
        // What the error says may hold a value.
        stream.destroy(
          isUnknownSignIn(chunk)
            ? mechanismUnknown()
            : notPostgres('answer-not-understood', 'it does not keep to the protocol'),
        )
      }
    })
  }
  // By then the driver listens. With TLS it does so on another stream, which exists later.
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

/** Kerberos, GSSAPI and SSPI. The request is a message of its own, after which the server waits. */
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
