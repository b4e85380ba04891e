import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Connection } from './connection.ts'

/** What a server sends after each message of the client; `close`: it closes the connection. */
type Step = Buffer | 'close'

/** A request of the server about the sign-in, by its number in the protocol. */
function request(number: number, text = ''): Buffer {
  const body = Buffer.concat([Buffer.from([0, 0, 0, number]), Buffer.from(text, 'latin1')])
  const head = Buffer.alloc(5)
  head.write('R', 'latin1')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const scram = request(10, 'SCRAM-SHA-256\0\0')
const firstMessage = (iterations: number) => request(11, `r=x,s=eA==,i=${iterations}`)

/** Returns what `connect` throws at a server that takes these steps. */
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

describe('a server is refused with `sign-in-refused` if it', () => {
  test.each<readonly [string, readonly Step[], string | undefined, string]>([
    ['asks for a password, and none is configured', [scram, firstMessage(4_096)], undefined, 'PGPASSWORD'],
    ['names only mechanisms that the driver does not know', [request(10, 'OAUTHBEARER\0\0')], 'x', 'scram'],
    ['asks for Kerberos', [request(2)], 'x', 'scram'],
    ['asks for GSSAPI', [request(7)], 'x', 'scram'],
    ['asks for SSPI', [request(9)], undefined, 'scram'],
    [
      'asks for more iterations than the driver does',
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
  ['does not know the challenge of the client', [scram, firstMessage(4_096)]],
  ['sends no challenge', [scram, request(11, 'nonsense')]],
  ['asks for something that the protocol does not have', [request(99)]],
])('a server that %s is not understood', async (_, steps) => {
  expect(await thrownAt(steps, 'x')).toMatchObject({ code: 'answer-not-understood' })
})

test.each<readonly [string, readonly Step[]]>([
  ['before the sign-in', ['close']],
  ['instead of taking the password', [request(3), 'close']],
  ['in the middle of the sign-in', [scram, 'close']],
])('a connection that breaks %s is no matter of the sign-in', async (_, steps) => {
  expect(await thrownAt(steps)).not.toHaveProperty('code')
})
