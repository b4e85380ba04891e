import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BreakableProxy, startBreakableProxy } from './breakable-proxy.ts'

let servers: readonly [echo: Server, other: Server]
let proxy: BreakableProxy
beforeAll(async () => {
  servers = [createServer((socket) => socket.pipe(socket)), createServer((socket) => socket.end('denied'))]
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening')
  proxy = await startBreakableProxy({ port: portOf(servers[0]) })
})
beforeEach(() => proxy.set('up'))
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  for (const server of servers) server.close()
})

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

/** Opens a connection through the proxy, and sends a line. */
function connected() {
  const socket = connect(proxy.port, '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text
  })
  socket.on('error', () => {})
  socket.write('hello')
  return {
    socket,
    received: () => received,
    // `once` of node:events would throw for a connection that is reset.
    closed: new Promise((resolve) => socket.once('close', resolve)),
    [Symbol.dispose]: () => socket.destroy(),
  }
}

test('a proxy that is up forwards everything, and ends a connection when either side does', async () => {
  using client = connected()
  await expect.poll(client.received).toBe('hello')
  client.socket.end()
  await client.closed
})

test('a proxy that goes down closes open connections and accepts no new ones', async () => {
  using client = connected()
  await expect.poll(client.received).toBe('hello')

  proxy.set('down')

  await client.closed
  using late = connected()
  await late.closed
  expect(late.received()).toBe('')
})

test('a proxy that falls silent keeps connections open without answering until it is up again', async () => {
  using client = connected()
  await expect.poll(client.received).toBe('hello')

  proxy.set('silent')

  client.socket.write(' again')
  using late = connected()
  await once(late.socket, 'connect')
  expect([client.socket.destroyed, late.socket.destroyed]).toEqual([false, false])
  expect([client.received(), late.received()]).toEqual(['hello', ''])
  proxy.set('up')
  await Promise.all([client.closed, late.closed])
})

test('a proxy can forward to another server', async () => {
  proxy.set({ port: portOf(servers[1]) })
  using client = connected()
  await client.closed
  expect(client.received()).toBe('denied')
})
