// Implements `npm test`: runs every check in turn, even after one has failed. The last line has the totals.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTestReport } from './read-test-report.ts'
import { runStep } from './run-step.ts'
import { steps } from './steps.ts'

const scratch = mkdtempSync(join(tmpdir(), 'cdrstream-check-'))
const report = join(scratch, 'tests.json')

let passed = 0
let failed = 0
const failures: string[] = []
const unchecked: string[] = []

try {
  for (const step of steps) {
    const result = await runStep(step)
    if (result === 'passed') passed += 1
    else if (result === 'not-checked') unchecked.push(step.name)
    else {
      failed += 1
      failures.push(step.name)
    }
  }

  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const args = ['run', '--project=!deploy', ...reporters, ...process.argv.slice(2)]
  const succeeded = (await runStep({ name: 'tests', program: 'vitest', args })) === 'passed'
  const tests = readTestReport(report, succeeded)
  passed += tests.passed
  failed += tests.failed
  failures.push(...tests.failures)
  if (tests.failed > 0 && tests.failures.length === 0) failures.push('an error outside the tests')
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

console.log('')
for (const name of unchecked) console.log(`not checked: ${name}`)
for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
