import { readFileSync } from 'node:fs'

/**
 * The totals in vitest's JSON report. A skipped test proves nothing: it counts as failed. So does, as one, a
 * run that failed without a failed test (a file that could not be loaded, an error outside of tests), or that
 * ran none.
 */
export function readTestTotals(
  report: string,
  succeeded: boolean,
): { readonly passed: number; readonly failed: number } {
  try {
    const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'))
    const failed = numTotalTests - numPassedTests
    return { passed: numPassedTests, failed: failed === 0 && !(succeeded && numTotalTests > 0) ? 1 : failed }
  } catch {
    return { passed: 0, failed: 1 }
  }
}
