import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Runs a program as if it were this one: its output, its signals, its exit code. */
export function runInPlace(program, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' })
    // From a terminal Ctrl-C reaches the child by itself, and a second one would mean something else.
    const forwarded = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => forwarded.includes(signal) && child.kill(signal))
    }
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

/** Runs a step of the set-up. Its output goes to stderr: stdout belongs to what the user asked for. */
export function runStep(what, program, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', (cause) => reject(new Error(`${what} failed: ${cause.message}`)))
    child.on('close', (code) => {
      if (code === 0) return resolve()
      process.stderr.write(Buffer.concat(output))
      reject(new Error(`${what} failed (exit code ${code}): see above`))
    })
  })
}
