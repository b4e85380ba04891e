import type { Words } from '@cdrstream/core'
import type { SinkCheckResult, SinkReport } from '@cdrstream/testkit'

/** A check quotes a record, or an error, in its reason. */
const mostCharacters = 2_000

const signs = { passed: '✓', failed: '✗', 'not-run': '–' } as const

/** One line: whether it passed, what was checked, its name, and why not. */
export function showResult({ outcome, title, name, reason }: SinkCheckResult, words: Words): string {
  const why = reason === undefined ? '' : `: ${words(reason, mostCharacters).replaceAll(/\s+/g, ' ')}`
  return `${signs[outcome]} ${title} [${name}]${outcome === 'not-run' ? ' not run' : ''}${why}\n`
}

/** The totals, and what they mean. `leftOut`: how many checks of this sink were not chosen. */
export function showVerdict(
  sinkName: string,
  { certified, passed, failed, notRun }: SinkReport,
  leftOut: number,
): string {
  const totals = `${passed} passed, ${failed} failed, ${notRun} not run`
  const some = `not certified: ${leftOut} checks were left out (--only)`
  return `\n${totals}\n${sinkName}: ${leftOut > 0 ? some : verdict({ certified, failed, notRun })}\n`
}

function verdict({ certified, failed, notRun }: Pick<SinkReport, 'certified' | 'failed' | 'notRun'>): string {
  if (certified) return 'certified'
  if (failed > 0) return 'not certified'
  return notRun === 0
    ? 'not certified: no check applies'
    : 'not certified in full: see above what the checks that were not run need'
}
