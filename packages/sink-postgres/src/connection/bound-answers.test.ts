import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { classifyError } from '../classify-error.ts'
import { Connection } from './connection.ts'

/** Returns a protocol message that announces `announcedBytes` as the length of its body. */
function message(code: string, body: Buffer, announcedBytes = body.length): Buffer {
  const head = Buffer.alloc(5)
  head.write(code, 'latin1')
  head.writeUInt32BE(announcedBytes + 4, 1)
  return Buffer.concat([head, body])
}

const signedIn = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))])
const megabyte = Buffer.alloc(1_000_000)
/** Rows without columns, the shortest possible rows. */
const rows = Buffer.concat(Array(100_000).fill(message('D', Buffer.alloc(2))))
const description = message('T', Buffer.alloc(2))

function sendWithoutEnd(socket: Socket, bytes: Buffer): void {
  const send = (error?: Error | null): void => {
    if (error == null) socket.write(bytes, send)
  }
  send()
}

const twoGigabytes = 2_147_483_000
const hostile: readonly (readonly [what: string, code: string, onQuery: (socket: Socket) => void])[] = [
  [
    'a message of 2 GB',
    'answer-too-large',
    (socket) => {
      socket.write(message('D', megabyte, twoGigabytes))
      sendWithoutEnd(socket, megabyte)
    },
  ],
  [
    'an endless stream of rows',
    'answer-too-large',
    (socket) => {
      socket.write(description)
      sendWithoutEnd(socket, rows)
    },
  ],
  [
    'an endless stream of notices',
    'answer-too-large',
    (socket) => sendWithoutEnd(socket, message('N', megabyte)),
  ],
  [
    'a row that is shorter than announced',
    'answer-not-understood',
    (socket) => socket.write(Buffer.concat([description, message('D', Buffer.from([0xff, 0xff]))])),
  ],
]

/** Connects to a server that responds with `onRequest`, either to the sign-in or to the first query. */
async function openSinkAt(onRequest: (socket: Socket) => void, when: 'at once' | 'signed in') {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      if (when === 'at once') return onRequest(socket)
      socket.write(signedIn)
      socket.once('data', () => onRequest(socket))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const connecting = new AbortController()
  try {
    const settings = { host: '127.0.0.1', port, user: 'u', database: 'd' }
    const connection = await Connection.connect(settings, connecting.signal)
    await connection.query('select 1')
    return undefined
  } catch (error) {
    return classifyError(error)
  } finally {
    server.close()
  }
}

test.each(hostile)(
  'if a server sends %s, the sink fails with %s and its memory stays bounded',
  async (_, code, onRequest) => {
    const beforeKb = process.resourceUsage().maxRSS
    expect(await openSinkAt(onRequest, 'signed in')).toMatchObject({ kind: 'failed', code })
    expect((await openSinkAt(onRequest, 'at once'))?.kind).toMatch(/failed|retry/)
    expect(process.resourceUsage().maxRSS - beforeKb).toBeLessThan(300_000)
  },
)

test('the limit applies to the response to one request, not to the entire connection', async () => {
  const large = Buffer.alloc(5_000_000, 'x')
  const row = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, 0]), large])
  row.writeUInt32BE(large.length, 2)
  const field = Buffer.concat([Buffer.from([0, 1]), Buffer.from('a\0'), Buffer.alloc(18)])
  const answer = [message('T', field), message('D', row), message('C', Buffer.from('SELECT 1\0'))]
  const whole = Buffer.concat([...answer, message('Z', Buffer.from('I'))])
  const server = createServer((socket) => {
    socket.on('error', () => {})
    let isSignedIn = false
    socket.on('data', () => {
      socket.write(isSignedIn ? whole : signedIn)
      isSignedIn = true
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const settings = { host: '127.0.0.1', port, user: 'u', database: 'd' }
  const connection = await Connection.connect(settings, new AbortController().signal)
  for (const _ of [1, 2, 3]) {
    const size = connection.query<{ readonly a: string }>('select a').then(([first]) => first?.a.length)
    await expect(size).resolves.toBe(5_000_000)
  }
  connection.destroy()
  server.close()
})
