import { createServer } from 'node:http'
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

/** A webhook receiver on loopback. It keeps the highest `rank` of each `id`, which the sink relies on. */
export interface Receiver {
  readonly port: number
  /** Returns the visible revision of each record: the one with the highest rank. */
  shown(): readonly ReceivedRecord[]
  /** Sets whether the receiver refuses the token. */
  deny(isDenied: boolean): void
  close(): void
}

/** Starts a receiver on a free port. It does not keep the process alive. */
export async function startReceiver(token: string): Promise<Receiver> {
  const records = new Map<string, ReceivedRecord>()
  let isDenied = false

  function take(body: string): number {
    try {
      const received: readonly ReceivedRecord[] = JSON.parse(body).records
      for (const record of received) {
        const known = records.get(record.id)
        if (known === undefined || known.rank < record.rank) records.set(record.id, record)
      }
      return 204
    } catch {
      return 400
    }
  }

  const server = createServer(async (request, response) => {
    try {
      const body = await text(request)
      const isAllowed = !isDenied && request.headers.authorization === `Bearer ${token}`
      response.writeHead(isAllowed ? take(body) : 401).end()
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  server.unref()
  return {
    port: (server.address() as AddressInfo).port,
    shown: () => [...records.values()],
    deny(next) {
      isDenied = next
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
