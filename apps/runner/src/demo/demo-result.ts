import type { Comparison, RateViolation } from '@cdrstream/simulator'
import { showCount } from '../status/show-amount.ts'

export interface DemoResult {
  readonly comparison: Comparison
  /** The number of record revisions that could have been read but were not. */
  readonly unread: number
  readonly violations: readonly RateViolation[]
  /** The record directory as shown to the user. */
  readonly records: string
}

/** Returns the problems in a demo's result: an empty list if all guarantees were met. */
export function troubles({ comparison, unread, violations }: DemoResult): readonly string[] {
  return [
    unread > 0 &&
      `${showCount(unread, 'record')} could have been read but ${unread === 1 ? 'was' : 'were'} not`,
    comparison.missing.length > 0 && `${showCount(comparison.missing.length, 'record')} missing in the files`,
    comparison.twice > 0 && `${showCount(comparison.twice, 'duplicate line')} in the files`,
    comparison.invented > 0 && `${showCount(comparison.invented, 'line')} that the API never returned`,
    violations.length > 0 && `${showCount(violations.length, 'request')} over the rate limit`,
  ].filter((trouble) => trouble !== false)
}

/** Returns a demo's last line. It counts record revisions, because each revision is a line in the files. */
export function resultLine({ comparison, records }: DemoResult): string {
  const { shown, delivered, missing, twice } = comparison
  const number = (value: number) => value.toLocaleString('en')
  return `${number(shown)} records shown by the API, ${number(delivered)} in ${records}, ${number(missing.length)} missing, ${number(twice)} twice`
}
