import { relative } from 'node:path'
import type { Mutant } from './mutant.ts'
import { runTests } from './run-tests.ts'

/**
 * Runs the test files without a planted bug, and returns what fails in each file where something does: such a
 * file would catch every bug. Of the simulation, the seed that fails is checked alone, after it has failed.
 * Throws if the tests do not come to an end.
 */
export async function checkBaseline(
  mutants: readonly Mutant[],
  copy: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const files = new Set(mutants.map(({ caughtBy }) => caughtBy).filter((by) => typeof by === 'string'))
  if (files.size === 0) return new Map()
  const report = await runTests(copy, [...files], { workers: 2, bail: 0 }, signal)
  if (report === undefined) throw new Error('the tests did not come to an end without a planted bug')
  return new Map(
    report.testResults.flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.find(({ status }) => status === 'failed')?.fullName ?? message
      return failed === '' ? [] : [[relative(copy, name).replaceAll('\\', '/'), failed]]
    }),
  )
}
