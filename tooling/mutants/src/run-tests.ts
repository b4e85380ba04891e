import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestReport } from './judge-report.ts'

/** A bug may be an endless loop. */
const longestMs = 300_000

export interface TestRun {
  /** Paths from the root of the repository, or parts of them. */
  readonly files: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** How many files run at once. Default: 1. */
  readonly workers?: number
}

/**
 * Runs test files of a copy of the repository and returns the report. Undefined: there is none, because the run took too long or could not
 * begin. The processes end when `signal` is aborted.
 */
export async function runTests(
  copy: string,
  { files, environment, workers = 1 }: TestRun,
  signal: AbortSignal,
): Promise<TestReport | undefined> {
  const report = join(copy, 'mutant-report.json')
  rmSync(report, { force: true })
  const program = join(copy, 'node_modules', 'vitest', 'vitest.mjs')
  const reporter = ['--reporter=json', `--outputFile=${report}`]
  const args = ['run', ...files, '--bail=1', `--maxWorkers=${workers}`, ...reporter]
  // In a group of its own, so that its workers end with it.
  const child = spawn(process.execPath, [program, ...args], {
    cwd: copy,
    env: { ...process.env, ...environment },
    stdio: 'ignore',
    detached: true,
  })
  const end = AbortSignal.any([signal, AbortSignal.timeout(longestMs)])
  const kill = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  end.addEventListener('abort', kill)
  try {
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  } finally {
    end.removeEventListener('abort', kill)
  }
  return end.aborted ? undefined : readReport(report)
}

function readReport(report: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return undefined
  }
}
