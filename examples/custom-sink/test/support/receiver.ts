import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A record as the receiver stores it. */
interface ReceivedRecord {
  readonly id: string
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  readonly record: unknown
}

/**
 * `open`: works normally. `down`: answers 503. `denied`: answers 401. `silent`: accepts requests but never
 * answers.
 */
export type ReceiverMood = 'open' | 'down' | 'denied' | 'silent'

export interface Receiver {
  readonly url: string
  readonly token: string
  /** Returns the visible revision of each record: the one with the highest rank. */
  shown(): readonly ReceivedRecord[]
  setMood(mood: ReceiverMood): void
  close(): void
}

/**
 * Starts a webhook receiver on loopback that does what the sink requires: it keeps the highest rank of each
 * id.
 */
export async function startReceiver(token: string): Promise<Receiver> {
  const records = new Map<string, ReceivedRecord>()
  let mood: ReceiverMood = 'open'

  async function take(request: IncomingMessage): Promise<number | undefined> {
    const body = await text(request)
    if (mood === 'silent') return undefined
    if (mood === 'down') return 503
    if (mood === 'denied' || request.headers.authorization !== `Bearer ${token}`) return 401
    const received = parse(body)
    if (received === undefined) return 400
    for (const record of received) {
      const known = records.get(record.id)
      if (known === undefined || known.rank < record.rank) records.set(record.id, record)
    }
    return 204
  }

  const server = createServer((request, response) => {
    take(request).then(
      (status) => status !== undefined && response.writeHead(status).end(),
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The server must not keep the process alive.
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/calls`,
    token,
    shown: () => [...records.values()],
    setMood(next) {
      mood = next
      // Pending requests get no response.
      server.closeAllConnections()
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function parse(body: string): readonly ReceivedRecord[] | undefined {
  try {
    const { records }: { records: readonly ReceivedRecord[] } = JSON.parse(body)
    return records
  } catch {
    return undefined
  }
}
