// Checks how cdrstream is installed: as npm packages, as a container image, and with the Helm chart. Not part
// of `npm test`, because this takes minutes, and on a fresh machine also builds Helm. The last line has the
// totals, for CI.
import { runStep } from './run-step.ts'
import { runTests, showTotals } from './run-tests.ts'

const name = 'Helm chart'
const result = await runStep({ name, program: 'node', args: ['tooling/check/src/check-helm-chart.ts'] })
const isFailed = result === 'failed'
const tests = runTests(['--project=deploy'])
if (result === 'not-checked') console.log(`not checked: ${name}`)
showTotals({
  passed: tests.passed + Number(result === 'passed'),
  failed: tests.failed + Number(isFailed),
  failures: [...(isFailed ? [name] : []), ...tests.failures],
})
