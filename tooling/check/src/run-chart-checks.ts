// Checks the Helm chart. Not part of `npm test`, because building Helm takes minutes on a fresh machine. The
// last line contains the totals for CI.
import { runStep } from './run-step.ts'
import { runTests, showTotals } from './run-tests.ts'

const name = 'Helm chart'
const result = await runStep({ name, program: 'node', args: ['tooling/check/src/check-helm-chart.ts'] })
if (result === 'not-checked') {
  console.log(`not checked: ${name}`)
  console.log('0 passed, 0 failed')
} else {
  const tests = runTests(['--project=chart'])
  const isFailed = result === 'failed'
  showTotals({
    passed: tests.passed + Number(!isFailed),
    failed: tests.failed + Number(isFailed),
    failures: [...(isFailed ? [name] : []), ...tests.failures],
  })
}
