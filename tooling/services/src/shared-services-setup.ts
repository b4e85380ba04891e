import { createServer } from 'node:http'
import { startElasticsearch } from './elasticsearch-server.ts'
import { startPostgres } from './postgres-server.ts'
import { brokerVariable } from './shared-services.ts'

interface Service {
  readonly url: string
  stop(): Promise<void>
}

/**
 * For vitest's `globalSetup`. Starts each of a run's servers when a test first requests it
 * (`sharedPostgresUrl`). Returns a function that stops them all.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  // All projects of a run share the servers that the first project started.
  if (process.env[brokerVariable] !== undefined) return undefined
  const services = new Map<string, Promise<Service>>()
  const broker = createServer(async ({ url = '' }, response) => {
    try {
      const service = services.get(url) ?? start(url)
      services.set(url, service)
      response.end((await service).url)
    } catch (cause) {
      response.writeHead(503).end(cause instanceof Error ? cause.message : String(cause))
    }
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  const address = broker.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  process.env[brokerVariable] = `http://127.0.0.1:${port}`
  return async () => {
    delete process.env[brokerVariable]
    broker.closeAllConnections()
    broker.close()
    const started = await Promise.allSettled(services.values())
    await Promise.all(started.map((result) => result.status === 'fulfilled' && result.value.stop()))
  }
}

function start(path: string): Promise<Service> {
  return path === '/postgres' ? startPostgres({ durable: false }) : startElasticsearch()
}
