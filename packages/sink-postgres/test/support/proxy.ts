import { connect, createServer, type Socket } from 'node:net'

/** A proxy in front of a server. It can be down or silent. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
  /** `silent`: it accepts connections, and passes nothing on. */
  set(state: 'up' | 'down' | 'silent'): void
}

export async function startProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<Proxy> {
  let state: 'up' | 'down' | 'silent' = 'up'
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    sockets.add(near)
    near.on('error', () => {}).on('close', () => sockets.delete(near))
    if (state === 'down') near.destroy()
    if (state !== 'up') return
    const far = connect(targetPort, targetHost)
    sockets.add(far)
    far.on('error', () => near.destroy()).on('close', () => sockets.delete(far))
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', (chunk) => state === 'up' && to.write(chunk)).on('close', () => to.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const address = server.address()
  const close = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    set: (next) => {
      state = next
      if (next !== 'silent') close()
    },
    [Symbol.asyncDispose]: async () => {
      close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
