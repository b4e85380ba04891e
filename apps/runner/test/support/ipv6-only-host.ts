import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { bin, type StartedCommand, startProgram } from './start-command.ts'

const bridge = fileURLToPath(new URL('ipv6-bridge.ts', import.meta.url))
const script = 'ip link set lo up && ip -4 address flush dev lo && exec "$@"'

export interface Ipv6OnlyHost {
  /** Starts a program on the host. */
  start(program: readonly string[], directory: string): StartedCommand
  /** Starts the built command on the host. */
  startCommand(args: readonly string[], directory: string): StartedCommand
}

/**
 * Prepares a host whose only address is `::1`. Servers that listen on 127.0.0.1 of this machine are available
 * on the same ports there.
 */
export async function ipv6OnlyHost(ports: readonly number[] = []): Promise<Ipv6OnlyHost> {
  const sockets = mkdtempSync(join(tmpdir(), 'cdrstream-ipv6-'))
  onTestFinished(() => rmSync(sockets, { recursive: true }))
  for (const port of ports) {
    const server = createServer((near) => {
      const far = connect(port, '127.0.0.1')
      near.on('error', () => far.destroy())
      far.on('error', () => near.destroy())
      near.pipe(far).pipe(near)
    })
    await new Promise<void>((resolve) => server.listen(join(sockets, `${port}.sock`), resolve))
    onTestFinished(() => void server.close())
  }
  const start: Ipv6OnlyHost['start'] = (program, directory) => {
    const bridged = [process.execPath, bridge, sockets, ports.join(','), ...program]
    return startProgram(['unshare', '--net', 'sh', '-c', script, 'sh', ...bridged], { directory })
  }
  return {
    start,
    startCommand: (args, directory) => start([process.execPath, bin, ...args], directory),
  }
}
