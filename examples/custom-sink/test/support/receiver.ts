import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What the receiver has of a record. */
interface ReceivedRecord {
  readonly id: string
  readonly org: string
  readonly key: string
  readonly rank: number
  readonly home: string
  readonly record: unknown
}

/** `open`: as it should. `down`: 503. `denied`: 401. `silent`: takes requests and never answers. */
export type ReceiverMood = 'open' | 'down' | 'denied' | 'silent'

export interface Receiver {
  readonly url: string
  readonly token: string
  /** The revision of each record that is shown: the one with the highest rank. */
  shown(): readonly ReceivedRecord[]
  setMood(mood: ReceiverMood): void
  close(): void
}

/**
 * A webhook on loopback as the sink needs it: it keeps of each id the highest rank. A test stands in for
 * nothing less.
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
  // It ends with the process that has it.
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/calls`,
    token,
    shown: () => [...records.values()],
    setMood(next) {
      mood = next
      // Who still waits for an answer gets none.
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
