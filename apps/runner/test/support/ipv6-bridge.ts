// Runs a program on a machine that has only the address ::1. Each port is connected to the same port of the
// machine outside, through a socket in the directory, because TCP does not reach out of the network
// namespace.
//
// node ipv6-bridge.ts DIRECTORY PORT,PORT… PROGRAM ARGUMENT…
import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

const [directory = '', ports = '', program = '', ...args] = process.argv.slice(2)
for (const port of ports.split(',').filter(Boolean)) {
  const server = createServer((near) => {
    const far = connect(join(directory, `${port}.sock`))
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(Number(port), '::1', resolve))
}
// Signals reach the program as well, because it is in the same group.
process.on('SIGTERM', () => {})
const child = spawn(program, args, { stdio: 'inherit' })
child.on('close', (code) => process.exit(code ?? 1))
