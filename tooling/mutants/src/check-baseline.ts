import type { Mutant } from './mutant.ts'
import { runTests } from './run-tests.ts'

/**
 * Runs the test files without a planted bug. Returns what is wrong, or undefined if all of them pass: a test that fails anyway would catch
 * every bug. Of the simulation, the seed that fails is checked alone, after it has failed.
 */
export async function checkBaseline(
  mutants: readonly Mutant[],
  copy: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const files = new Set(mutants.map(({ caughtBy }) => caughtBy).filter((by) => typeof by === 'string'))
  if (files.size === 0) return undefined
  const report = await runTests(copy, [...files], 2, signal)
  if (report === undefined) return 'the tests did not come to an end without a planted bug'
  const failed = report.testResults.flatMap(({ message, assertionResults }) =>
    assertionResults.length === 0
      ? [message]
      : assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  )
  return failed.length === 0 ? undefined : `fails without a planted bug: ${failed.join(', ')}`
}
