import type { CdrRecord } from '@cdrstream/plugin'
import { CheckFailure, expectThat } from '../check-failure.ts'
import { identityOf, latestOfEachKey } from '../delivery/latest-of-each-key.ts'
import type { ShownRecord } from '../sink-certification.ts'
import type { Trial } from '../trial.ts'
import { contentDifference } from './content-difference.ts'

export interface ExpectShownOptions {
  /** Whether the content is compared as well. Then `readBack` must give it. Default false. */
  readonly content?: boolean
  /** Records that may be shown or not. */
  readonly optional?: readonly CdrRecord[]
}

/** Expects that a reader is shown the latest revision of each of these records, and nothing else of this trial. */
export async function expectShown(
  trial: Trial,
  sent: readonly CdrRecord[],
  options: ExpectShownOptions = {},
): Promise<void> {
  const shown = await trial.shown()
  const expected = latestOfEachKey(sent)
  const byIdentity = Map.groupBy(shown, identityOf)
  for (const record of expected) {
    const [first, second] = byIdentity.get(identityOf(record)) ?? []
    if (first === undefined) {
      throw new CheckFailure(
        `expected ${expected.length} records to be shown, and found ${byIdentity.size}: ${nameOf(record)} is missing`,
      )
    }
    expectThat(
      second === undefined || !trial.showsOnce,
      () => `expected each record to be shown once, and found ${nameOf(record)} twice`,
    )
    expectSame(record, first, options.content ?? false)
  }
  const known = new Set([...expected, ...(options.optional ?? [])].map(identityOf))
  const invented = shown.find((record) => !known.has(identityOf(record)))
  expectThat(
    invented === undefined,
    () => `expected only what was sent to be shown, and found ${nameOf(invented)}`,
  )
}

function expectSame(record: CdrRecord, shown: ShownRecord, content: boolean): void {
  expectThat(
    shown.rank === record.rank,
    () => `expected ${nameOf(record)} to be shown in its revision ${record.rank}, and found ${shown.rank}`,
  )
  expectThat(
    shown.home === undefined || shown.home === record.home,
    () => `expected ${nameOf(record)} to be shown with home ${record.home}, and found ${shown.home}`,
  )
  if (!content) return
  const difference = contentDifference(record, shown)
  expectThat(difference === undefined, () => `expected ${nameOf(record)} unchanged, and found ${difference}`)
}

export function nameOf(record: { readonly org: string; readonly key: string } | undefined): string {
  return record === undefined
    ? 'nothing'
    : `the record ${JSON.stringify(record.key)} of ${JSON.stringify(record.org)}`
}
