import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readTestReport } from './read-test-report.ts'
import { root } from './repository.ts'

describe('the totals of a run', () => {
  test.for([
    ['count its tests', { numPassedTests: 7, numTotalTests: 7 }, true, { passed: 7, failed: 0 }],
    [
      'count a skipped test as failed',
      { numPassedTests: 6, numTotalTests: 7 },
      true,
      { passed: 6, failed: 1 },
    ],
    [
      'count a file that did not load as a failure',
      { numPassedTests: 7, numTotalTests: 7 },
      false,
      { passed: 7, failed: 1 },
    ],
    [
      'count one failure if no test ran',
      { numPassedTests: 0, numTotalTests: 0 },
      true,
      { passed: 0, failed: 1 },
    ],
    ['count one failure if the report is incomplete', undefined, true, { passed: 0, failed: 1 }],
  ] as const)('%s', ([, content, succeeded, totals]) => {
    expect(readTestReport(reportOf(content), succeeded)).toMatchObject(totals)
  })
})

test('each failed test and file is listed with the first line of its message', () => {
  const report = reportOf({
    numPassedTests: 1,
    numTotalTests: 3,
    testResults: [
      {
        name: `${root}/a.test.ts`,
        status: 'failed',
        assertionResults: [
          { fullName: 'good', status: 'passed', failureMessages: [] },
          { fullName: 'bad', status: 'failed', failureMessages: ['expected 1 to be 2\n    at a.test.ts'] },
          { fullName: 'not run', status: 'skipped', failureMessages: null },
        ],
      },
      { name: `${root}/b.test.ts`, status: 'failed', message: 'cannot be parsed', assertionResults: [] },
    ],
  })
  expect(readTestReport(report, false).failures).toEqual([
    'a.test.ts > bad: expected 1 to be 2',
    'a.test.ts > not run: skipped',
    'b.test.ts: cannot be parsed',
  ])
})

function reportOf(content: unknown): string {
  const scratch = mkdtempSync(join(tmpdir(), 'cdrstream-report-'))
  onTestFinished(() => rmSync(scratch, { recursive: true }))
  const report = join(scratch, 'tests.json')
  writeFileSync(report, JSON.stringify(content) ?? '{"numPassed')
  return report
}
