// The program behind `npm run mutants`: plants each bug in a copy of the repository, and checks that the
// tests catch it. With arguments, runs only the mutants whose name contains one of the arguments. The last
// line has the totals.
import { parseArgs } from 'node:util'
import { allMutants } from './all-mutants.ts'
import { checkBaseline } from './check-baseline.ts'
import type { Verdict } from './judge-report.ts'
import type { Mutant } from './mutant.ts'
import { withScratchCopies } from './scratch-copies.ts'
import { tryMutant } from './try-mutant.ts'

/** As many as CI has processors. */
const workers = 2

const { positionals } = parseArgs({ allowPositionals: true })
const chosen = allMutants.filter(
  ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
)
const counts = { passed: 0, failed: 0 }

if (chosen.length === 0) throw new Error('no planted bug has a matching name')
await withScratchCopies(Math.min(workers, chosen.length), async ({ copies, signal }) => {
  const [copy = ''] = copies
  const failing = await checkBaseline(chosen, copy, signal)
  const queue = chosen.values()
  const work = async (place: string): Promise<void> => {
    for (const mutant of queue) await report(mutant, failing, place, signal)
  }
  await Promise.all(copies.map(work))
})

console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exitCode = counts.failed === 0 ? 0 : 1

async function report(
  mutant: Mutant,
  failing: ReadonlyMap<string, string>,
  copy: string,
  signal: AbortSignal,
): Promise<void> {
  const { caughtBy } = mutant
  const fromMs = performance.now()
  const failure = typeof caughtBy === 'string' ? failing.get(caughtBy) : undefined
  const verdict: Verdict =
    failure === undefined
      ? await tryMutant(mutant, copy, signal)
      : { kind: 'missed', why: `${caughtBy} also fails without it: ${failure}` }
  const seconds = ((performance.now() - fromMs) / 1_000).toFixed(1)
  switch (verdict.kind) {
    case 'caught':
      counts.passed += 1
      console.log(`caught ${mutant.name} in ${seconds} s by ${verdict.by}`)
      break
    case 'missed':
      counts.failed += 1
      console.log(`NOT CAUGHT ${mutant.name} in ${seconds} s: ${verdict.why}`)
      break
  }
}
