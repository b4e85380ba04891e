import { relative } from 'node:path'
import type { Mutant } from './mutant.ts'
import { runTests } from './run-tests.ts'

/**
 * Runs the test files without a planted bug, and returns the first failure of each failing file, because such
 * a file would catch every bug. For the simulation, a failing seed is checked on its own when it fails.
 * Throws if the tests do not finish.
 */
export async function checkBaseline(
  mutants: readonly Mutant[],
  copy: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const files = new Set(mutants.map(({ caughtBy }) => caughtBy).filter((by) => typeof by === 'string'))
  if (files.size === 0) return new Map()
  const report = await runTests(copy, [...files], { workers: 2, bail: 0 }, signal)
  if (report === undefined) throw new Error('the tests did not finish without a planted bug')
  return new Map(
    report.testResults.flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.find(({ status }) => status === 'failed')?.fullName ?? message
      return failed === '' ? [] : [[relative(copy, name).replaceAll('\\', '/'), failed]]
    }),
  )
}
