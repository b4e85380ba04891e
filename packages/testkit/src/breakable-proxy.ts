import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * - `up`: forwards everything
 * - `down`: closes every connection at once
 * - `silent`: accepts connections and forwards nothing
 * - an address: forwards new connections there, for instance to a server that denies access
 */
export type ProxyState = 'up' | 'down' | 'silent' | ServerPort

/** Where a TCP server listens. */
export interface ServerPort {
  readonly port: number
  /** Default `127.0.0.1`. */
  readonly host?: string
}

/** A TCP proxy in front of a server. A certification breaks the proxy instead of the server. */
export interface BreakableProxy extends AsyncDisposable {
  /** The port that the sink connects to, on `127.0.0.1`. */
  readonly port: number
  /** Open connections end unless the proxy becomes `silent`, which keeps them open without an answer. */
  set(state: ProxyState): void
}

/** Starts a proxy on a free port. It does not keep the process running. */
export async function startBreakableProxy(target: ServerPort): Promise<BreakableProxy> {
  let state: ProxyState = 'up'
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    keep(near)
    if (state === 'down') near.destroy()
    if (state === 'down' || state === 'silent') return
    const { port, host = '127.0.0.1' } = state === 'up' ? target : state
    const far = connect(port, host)
    keep(far)
    const passes = (): boolean => state !== 'silent'
    pass(near, far, passes)
    pass(far, near, passes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const closeAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    set: (next) => {
      state = next
      if (next !== 'silent') closeAll()
    },
    [Symbol.asyncDispose]: async () => {
      closeAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function pass(from: Socket, to: Socket, passes: () => boolean): void {
  from.on('data', (chunk) => passes() && to.write(chunk))
  from.on('end', () => to.end())
  from.on('error', () => to.destroy())
}
