import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestReport } from './judge-report.ts'
import { runProgram } from './run-program.ts'

/**
 * Runs test files in a copy of the repository. Returns the report, or undefined if the run did not finish.
 */
export async function runTests(
  copy: string,
  files: readonly string[],
  { workers, bail }: { readonly workers: number; readonly bail: 0 | 1 },
  signal: AbortSignal,
): Promise<TestReport | undefined> {
  const report = join(copy, 'mutant-report.json')
  rmSync(report, { force: true })
  const program = join(copy, 'node_modules', 'vitest', 'vitest.mjs')
  const reporter = ['--reporter=json', `--outputFile=${report}`]
  const args = [program, 'run', ...files, `--bail=${bail}`, `--maxWorkers=${workers}`, ...reporter]
  const ended = await runProgram(copy, args, signal)
  return ended && readReport(report)
}

function readReport(report: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return undefined
  }
}
