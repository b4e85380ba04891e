// Runs between a server and the process that uses it. When standard input ends, for any reason, kills the
// server and removes its directory. Each input line is a command to start.
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { GuardedCommand } from './guarded-process.ts'
import { processTree, signalAll } from './process-tree.ts'

const [directory = ''] = process.argv.slice(2)
let server: ChildProcess | undefined

for await (const line of createInterface({ input: process.stdin })) {
  const { program, args, cwd, env, user, log }: GuardedCommand = JSON.parse(line)
  const output = openSync(log, 'w')
  const started = spawn(program, args, {
    cwd,
    env,
    ...user,
    detached: true,
    stdio: ['ignore', output, output],
  })
  server = started
  started.on('exit', () => {
    if (server === started) server = undefined
    console.log('ended')
  })
  started.on('error', () => console.log('ended'))
  console.log(started.pid ?? 'ended')
}

const { pid } = server ?? {}
if (pid !== undefined) {
  signalAll(processTree(pid), 'SIGKILL')
  await new Promise((resolve) => server?.once('exit', resolve))
}
// Children of a killed server may still write until they notice.
rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
