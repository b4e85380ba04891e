import { describe, expect, it } from 'vitest'
import { judgeReport, type TestReport } from './judge-report.ts'

const passed = { fullName: 'one passes', status: 'passed', failureMessages: [] }

function reportOf(failure: string): TestReport {
  const failed = { fullName: 'one fails', status: 'failed', failureMessages: [failure] }
  return { testResults: [{ name: 'a.test.ts', message: '', assertionResults: [passed, failed] }] }
}

describe('a planted bug is caught', () => {
  it.each([
    ['by expect', 'AssertionError: expected 1 to be 2'],
    ['by expect of a rejection', 'Error: promise resolved "1" instead of rejecting'],
    ['by node:assert', 'AssertionError [ERR_ASSERTION]: false == true'],
    ['by a property', 'Error: Property failed after 3 tests\n{ seed: 1 }'],
  ])('%s', (_, failure) => {
    expect(judgeReport(reportOf(failure))).toEqual({ kind: 'caught', by: 'one fails' })
  })
})

describe('a planted bug is missed', () => {
  it.each([
    ['if a test takes too long', 'Error: Test timed out in 60000ms.'],
    ['if the source is no longer valid', 'TypeError: next is not a function'],
  ])('%s', (_, failure) => {
    expect(judgeReport(reportOf(failure))).toMatchObject({ kind: 'missed' })
  })

  it('if all tests pass, or none ran, or the file does not load', () => {
    const reports: readonly TestReport[] = [
      { testResults: [{ name: 'a.test.ts', message: '', assertionResults: [passed] }] },
      { testResults: [] },
      {
        testResults: [{ name: 'a.test.ts', message: 'SyntaxError: unexpected token', assertionResults: [] }],
      },
    ]
    for (const report of reports) expect(judgeReport(report)).toMatchObject({ kind: 'missed' })
  })
})
