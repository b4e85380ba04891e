import { spawnSync } from 'node:child_process'

const timeoutMs = 120_000

/**
 * Runs a program and prints how long it took. Returns its standard output. Throws an Error with all output if
 * it fails.
 */
export function runTimed(
  what: string,
  program: string,
  args: readonly string[],
  directory: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const fromMs = performance.now()
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, {
    cwd: directory,
    env,
    encoding: 'utf8',
    timeout: timeoutMs,
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32' && program !== process.execPath,
  })
  const seconds = ((performance.now() - fromMs) / 1_000).toFixed(1)
  if (status === 0) {
    console.log(`${what}: ${seconds} s`)
    return stdout
  }
  const end = error?.message ?? signal ?? `code ${status}`
  throw new Error(`${what} failed with ${end} after ${seconds} s\n${stdout ?? ''}${stderr ?? ''}`)
}
