import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTestReport, type TestReport } from './read-test-report.ts'
import { root } from './repository.ts'

/** Runs vitest with these arguments, prints its output, and returns the result. */
export function runTests(args: readonly string[], env: NodeJS.ProcessEnv = process.env): TestReport {
  const scratch = mkdtempSync(join(tmpdir(), 'cdrstream-tests-'))
  try {
    const report = join(scratch, 'tests.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const { status } = spawnSync('vitest', ['run', ...args, ...reporters], {
      cwd: root,
      env,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    return readTestReport(report, status === 0)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Prints the failures and the totals in the format that CI reads, and sets the exit code. */
export function showTotals({ passed, failed, failures }: TestReport): void {
  for (const failure of failures) console.log(`failed: ${failure}`)
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}
