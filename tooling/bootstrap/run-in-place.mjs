import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { passSignals } from './pass-signals.mjs'

/** Runs a program in place of this one, with its input, output and signals. Returns the exit code. */
export function runInPlace(program, args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' })
    passSignals(child)
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}
