// Runs more seeds of the simulation than `npm test`: 2,000, or the number in CDRSTREAM_SEEDS. The last line
// has the totals, for CI.
import { runTests, showTotals } from './run-tests.ts'

const { CDRSTREAM_SEEDS = '2000' } = process.env
showTotals(runTests(['tooling/simulation'], { ...process.env, CDRSTREAM_SEEDS }))
