import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readTestTotals } from './read-test-totals.ts'

test.for([
  ['all passed', { numPassedTests: 7, numTotalTests: 7 }, true, { passed: 7, failed: 0 }],
  [
    'a skipped test counts as failed',
    { numPassedTests: 6, numTotalTests: 7 },
    true,
    { passed: 6, failed: 1 },
  ],
  [
    'a file that did not load is a failure',
    { numPassedTests: 7, numTotalTests: 7 },
    false,
    { passed: 7, failed: 1 },
  ],
  ['no test at all is a failure', { numPassedTests: 0, numTotalTests: 0 }, true, { passed: 0, failed: 1 }],
  ['a report that was cut is a failure', undefined, true, { passed: 0, failed: 1 }],
] as const)('%s', ([, content, succeeded, totals]) => {
  const scratch = mkdtempSync(join(tmpdir(), 'cdrstream-totals-'))
  onTestFinished(() => rmSync(scratch, { recursive: true }))
  const report = join(scratch, 'tests.json')
  writeFileSync(report, JSON.stringify(content) ?? '{"numPassed')
  expect(readTestTotals(report, succeeded)).toEqual(totals)
})
