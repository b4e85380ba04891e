// Runs a program in a network namespace that has only the address ::1. Each port is forwarded to the same
// port on the host through a socket in the directory, because TCP cannot leave the network namespace.
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
// Signals also reach the program, because it is in the same process group.
process.on('SIGTERM', () => {})
const child = spawn(program, args, { stdio: 'inherit' })
child.on('close', (code) => process.exit(code ?? 1))
