import { readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { simulateApi } from './support/simulated-api.ts'
import { startCommand } from './support/start-command.ts'

/** 60 MB of JSON, in 60 kB. */
const bomb = gzipSync(`[${'[],'.repeat(20_000_000)}[]]`)

function elasticsearch(): Server {
  const headers = {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'x-elastic-product': 'Elasticsearch',
  }
  return createHttpServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, headers).end(bomb))
  })
}

/** Accepts every sign-in, and answers the first query with a 2 GB message. */
function postgres(): Server {
  const signedIn = Buffer.from('5200000008000000005a0000000549', 'hex')
  const beginning = Buffer.from('447fffff00', 'hex')
  return createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(signedIn)
      socket.once('data', () => {
        socket.write(beginning)
        sendWithoutEnd(socket, Buffer.alloc(1_000_000))
      })
    })
  })
}

function sendWithoutEnd(socket: Socket, bytes: Buffer): void {
  const send = (error?: Error | null): void => {
    if (error == null) socket.write(bytes, send)
  }
  send()
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('sink servers with unbounded responses fail only their own sinks, and the other sinks get everything', async () => {
  await using api = await simulateApi({ seed: 22, recordsPerMinute: 20_000 })
  const servers = [elasticsearch(), postgres()]
  const [search = '', warehouse = ''] = await Promise.all(servers.map(listen))
  try {
    const configuration = join(api.directory, 'cdrstream.yaml')
    const hostile = `sinks:
  - { name: search, use: elasticsearch, options: { nodes: ["http://${search}"] } }
  - { name: warehouse, use: postgres, options: { url: "postgres://u:p@${warehouse}/d?sslmode=disable" } }
`
    writeFileSync(configuration, readFileSync(configuration, 'utf8').replace('sinks:\n', hostile))

    const variables = { NODE_OPTIONS: '--max-old-space-size=256' }
    const collector = startCommand(['run'], { directory: api.directory, variables })
    const failed = () => [...collector.err().matchAll(/"sink":"(\w+)".*"code":"answer-too-large"/g)]
    const names = () => [...new Set(failed().map(([, name]) => name))].sort()
    await expect.poll(names).toEqual(['search', 'warehouse'])
    const before = (await api.compare()).delivered
    await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(before + 500)
    collector.process.kill('SIGTERM')
    expect(await collector.ended).toMatchObject({ code: 0, signal: null })
  } finally {
    for (const server of servers) server.close()
  }
})
