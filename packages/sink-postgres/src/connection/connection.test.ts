import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Connection } from './connection.ts'

/**
 * Returns a sign-in message from the server: 10 lists the mechanisms, 11 continues with the chosen mechanism.
 */
function signIn(step: 10 | 11, text: string): Buffer {
  const body = Buffer.from(`\0\0\0${String.fromCharCode(step)}${text}`, 'latin1')
  const head = Buffer.alloc(5)
  head.write('R', 'latin1')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

test.each([
  ['a method that the driver does not support', 'OAUTHBEARER'],
  ['a password, and none is configured', 'SCRAM-SHA-256'],
])('the connection is closed if the server requires %s', async (_, mechanism) => {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(signIn(10, `${mechanism}\0\0`))
      socket.once('data', () => socket.write(signIn(11, 'r=x,s=eA==,i=4096')))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const settings = { host: '127.0.0.1', port, user: 'u', database: 'd' }

  await expect(Connection.connect(settings, new AbortController().signal)).rejects.toThrow('sign-in-refused')

  await expect.poll(() => sockets.map(({ closed }) => closed)).toEqual([true])
})
