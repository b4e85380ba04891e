import type { Comparison, RateViolation } from '@cdrstream/simulator'
import { showCount } from '../status/show-amount.ts'

export interface DemoResult {
  readonly comparison: Comparison
  /** Revisions of records that could be read and never were. */
  readonly unread: number
  readonly violations: readonly RateViolation[]
  /** The directory of the files, as it is shown. */
  readonly records: string
}

/** What is wrong with the result of a demo; nothing: all is as promised. */
export function troubles({ comparison, unread, violations }: DemoResult): readonly string[] {
  return [
    unread > 0 && `${showCount(unread, 'record')} could be read and never were`,
    comparison.missing.length > 0 && `${showCount(comparison.missing.length, 'record')} missing in the files`,
    comparison.twice > 0 && `${showCount(comparison.twice, 'line')} too many in the files`,
    comparison.invented > 0 && `${showCount(comparison.invented, 'line')} that the API never showed`,
    violations.length > 0 && `${showCount(violations.length, 'request')} over the rate limit`,
  ].filter((trouble) => trouble !== false)
}

/** The last line of a demo. Records count once for each of their revisions, as the files hold them. */
export function resultLine({ comparison, records }: DemoResult): string {
  const { shown, delivered, missing, twice } = comparison
  const number = (value: number) => value.toLocaleString('en')
  return `${number(shown)} records shown by the API, ${number(delivered)} in ${records}, ${number(missing.length)} missing, ${number(twice)} twice`
}
