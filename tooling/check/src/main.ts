// Implements `npm test`: runs every check in turn, even after one has failed. The last line has the totals.
import { runStep } from './run-step.ts'
import { runTests, showTotals } from './run-tests.ts'
import { steps } from './steps.ts'

let passed = 0
let failed = 0
const failures: string[] = []
const unchecked: string[] = []

for (const step of steps) {
  const result = await runStep(step)
  if (result === 'passed') passed += 1
  else if (result === 'not-checked') unchecked.push(step.name)
  else {
    failed += 1
    failures.push(step.name)
  }
}

console.log('\n── tests')
// How cdrstream is installed is checked by `npm run deploy-checks`.
const tests = runTests(['--project=!deploy', ...process.argv.slice(2)])
passed += tests.passed
failed += tests.failed
failures.push(...tests.failures)
if (tests.failed > 0 && tests.failures.length === 0) failures.push('an error outside the tests')

console.log('')
for (const name of unchecked) console.log(`not checked: ${name}`)
showTotals({ passed, failed, failures })
