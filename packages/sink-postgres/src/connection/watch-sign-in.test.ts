import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Connection } from './connection.ts'

/** What the server sends in response to a client message. With `close`, it closes the connection. */
type Step = Buffer | 'close'

/** Returns a sign-in request from the server, by its number in the protocol. */
function request(number: number, text = ''): Buffer {
  const body = Buffer.concat([Buffer.from([0, 0, 0, number]), Buffer.from(text, 'latin1')])
  const head = Buffer.alloc(5)
  head.write('R', 'latin1')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const scram = request(10, 'SCRAM-SHA-256\0\0')
const firstMessage = (iterations: number) => request(11, `r=x,s=eA==,i=${iterations}`)

/** Returns what `connect` throws if the server takes these steps. */
async function thrownAt(steps: readonly Step[], password?: string): Promise<unknown> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    const rest = [...steps]
    socket
      .on('error', () => {})
      .on('data', () => {
        const step = rest.shift() ?? 'close'
        if (step === 'close') socket.destroy()
        else socket.write(step)
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const settings = { host: '127.0.0.1', port, user: 'u', database: 'd', ...(password && { password }) }
  return Connection.connect(settings, new AbortController().signal).catch((error: unknown) => error)
}

describe('connecting fails with `sign-in-refused` if the server', () => {
  test.each<readonly [string, readonly Step[], string | undefined, string]>([
    ['requires a password, and none is configured', [scram, firstMessage(4_096)], undefined, 'PGPASSWORD'],
    [
      'offers only mechanisms that the driver does not support',
      [request(10, 'OAUTHBEARER\0\0')],
      'x',
      'scram',
    ],
    ['requires Kerberos', [request(2)], 'x', 'scram'],
    ['requires GSSAPI', [request(7)], 'x', 'scram'],
    ['requires SSPI', [request(9)], undefined, 'scram'],
    [
      'requires more iterations than the driver supports',
      [scram, firstMessage(600_000)],
      'x',
      'scram_iterations',
    ],
  ])('%s', async (_, steps, password, remedy) => {
    expect(await thrownAt(steps, password)).toMatchObject({
      code: 'sign-in-refused',
      remedy: expect.stringContaining(remedy),
    })
  })
})

test.each<readonly [string, readonly Step[]]>([
  ["ignores the client's nonce", [scram, firstMessage(4_096)]],
  ['sends no nonce', [scram, request(11, 'nonsense')]],
  ['sends a request that the protocol does not define', [request(99)]],
])('connecting fails with `answer-not-understood` if the server %s', async (_, steps) => {
  expect(await thrownAt(steps, 'x')).toMatchObject({ code: 'answer-not-understood' })
})

test.each<readonly [string, readonly Step[]]>([
  ['before the sign-in', ['close']],
  ['after the request for a password', [request(3), 'close']],
  ['during the sign-in', [scram, 'close']],
])('a connection that breaks %s is not reported as a refused sign-in', async (_, steps) => {
  expect(await thrownAt(steps)).not.toHaveProperty('code')
})
