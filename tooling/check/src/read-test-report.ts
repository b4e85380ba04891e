import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from './repository.ts'

/** The result of a vitest run. */
export interface TestReport {
  readonly passed: number
  readonly failed: number
  /** One line for each failed test and file: the path, the name, and the first line of the message. */
  readonly failures: readonly string[]
}

/**
 * Returns the result of a run from vitest's JSON report. A skipped test proves nothing and counts as failed.
 * A run that ran no test, or that failed without a failed test (because a file did not load, or because of an
 * error outside any test), counts as one failure.
 */
export function readTestReport(report: string, succeeded: boolean): TestReport {
  try {
    const { numPassedTests, numTotalTests, testResults = [] } = JSON.parse(readFileSync(report, 'utf8'))
    const failed = numTotalTests - numPassedTests
    return {
      passed: numPassedTests,
      failed: failed === 0 && !(succeeded && numTotalTests > 0) ? 1 : failed,
      failures: testResults.flatMap(failuresOf),
    }
  } catch {
    return { passed: 0, failed: 1, failures: ['vitest wrote no report'] }
  }
}

interface FileResult {
  readonly name: string
  readonly status: string
  readonly message?: string
  readonly assertionResults: readonly {
    readonly fullName: string
    readonly status: string
    readonly failureMessages?: readonly string[] | null
  }[]
}

function failuresOf({ name, status, message, assertionResults }: FileResult): string[] {
  const file = relative(root, name)
  const tests = assertionResults
    .filter((test) => test.status !== 'passed')
    .map((test) => `${file} > ${test.fullName}: ${firstLine(test.failureMessages?.[0] ?? test.status)}`)
  return tests.length === 0 && status === 'failed' ? [`${file}: ${firstLine(message ?? status)}`] : tests
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 300) ?? ''
}
