import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** A real process that runs a file of this folder and prints its progress to stdout, line by line. */
export interface TestProcess {
  readonly pid: number | undefined
  readonly lines: Interface
  /** Kills the process with SIGKILL, and waits until it has ended. */
  kill(): Promise<void>
  /** Waits for the process to end. Returns its exit code, or null if it was killed. */
  ended(): Promise<number | null>
}

export function runProcess(file: string, ...parameters: readonly string[]): TestProcess {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child: ChildProcessByStdio<null, Readable, null> = spawn(
    process.execPath,
    ['--conditions=cdrstream-source', path, ...parameters],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = once(child, 'close').then(() => child.exitCode)
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  return { pid: child.pid, lines: createInterface({ input: child.stdout }), kill, ended: () => ended }
}
