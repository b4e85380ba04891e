import { spawn } from 'node:child_process'

/** Limits the time, because a bug can cause an endless loop. */
const timeoutMs = 300_000

export interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/**
 * Runs Node with these arguments in a copy of the repository. Returns undefined if it took too long or
 * `signal` was aborted. No processes remain in any case.
 */
export async function runProgram(
  copy: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Ended | undefined> {
  // In its own process group, so that its workers are killed with it.
  const child = spawn(process.execPath, args, {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const end = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const kill = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  end.addEventListener('abort', kill)
  try {
    const code = await new Promise<number | null>((resolve, reject) =>
      child.on('error', reject).on('close', resolve),
    )
    return end.aborted ? undefined : { code, output, errors }
  } finally {
    end.removeEventListener('abort', kill)
  }
}
