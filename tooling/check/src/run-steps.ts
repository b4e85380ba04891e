// Runs the steps of `npm test` named by the arguments, for the inner loop. Continues after a failed step.
import { runStep } from './run-step.ts'
import { steps } from './steps.ts'

const names = process.argv.slice(2)
const unknown = names.filter((name) => !steps.some((step) => step.name === name))
if (names.length === 0 || unknown.length > 0) {
  throw new RangeError(`expected steps of npm test, found ${JSON.stringify(unknown)}`)
}
for (const step of steps.filter(({ name }) => names.includes(name))) {
  if ((await runStep(step)) === 'failed') process.exitCode = 1
}
