import type { Words } from '@cdrstream/core/words'
import type { SinkCheckResult, SinkReport } from '@cdrstream/testkit'

/** A check's reason can quote a record or an error. */
const mostCharacters = 2_000

const signs = { passed: '✓', failed: '✗', 'not-run': '–' } as const

/** Returns one line: whether the check passed, its title and name, and why it did not pass. */
export function showResult({ outcome, title, name, reason }: SinkCheckResult, words: Words): string {
  const why = reason === undefined ? '' : `: ${words(reason, mostCharacters).replaceAll(/\s+/g, ' ')}`
  return `${signs[outcome]} ${title} [${name}]${outcome === 'not-run' ? ' not run' : ''}${why}\n`
}

/** Returns the totals and the verdict. `leftOut` is how many of this sink's checks were not selected. */
export function showVerdict(
  sinkName: string,
  { certified, passed, failed, notRun }: SinkReport,
  leftOut: number,
): string {
  const totals = `${passed} passed, ${failed} failed, ${notRun} not run`
  const some = `not certified: ${leftOut} checks were skipped by --only`
  return `\n${totals}\n${sinkName}: ${leftOut > 0 ? some : verdict({ certified, failed, notRun })}\n`
}

function verdict({ certified, failed, notRun }: Pick<SinkReport, 'certified' | 'failed' | 'notRun'>): string {
  if (certified) return 'certified'
  if (failed > 0) return 'not certified'
  return notRun === 0
    ? 'not certified: no check applies'
    : 'not fully certified: some checks were not run; the lines above show what each of them needs'
}
