import type { CdrRecord } from '@cdrstream/plugin'
import { CheckFailure, expectThat } from '../check-failure.ts'
import { identityOf, latestOfEachKey } from '../delivery/latest-of-each-key.ts'
import type { ShownRecord } from '../sink-certification.ts'
import type { Trial } from '../trial.ts'
import { contentDifference } from './content-difference.ts'
import { lookalikeOf, ownerOf } from './other-record.ts'

/** Options of `expectShown`. */
export interface ExpectShownOptions {
  /** Whether to also compare the content, which `readBack` must then return. Default: false. */
  readonly content?: boolean
  /** Records that may or may not be shown. */
  readonly optional?: readonly CdrRecord[]
}

/** Expects the latest revision of each of these records to be shown, and no other records of this trial. */
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
      const lookalike = lookalikeOf(record, shown)
      throw new CheckFailure(
        `expected ${expected.length} records to be shown, but found ${byIdentity.size}: ${nameOf(record)} is missing` +
          (lookalike === undefined
            ? ''
            : `; it may have been mistaken for ${keyOf(lookalike)}, which is shown`),
      )
    }
    expectThat(
      second === undefined || !trial.showsOnce,
      () =>
        `expected each record to be shown once, but found ${nameOf(record)} twice` +
        (second === undefined ? '' : ownerText(ownerOf(second, sent) ?? ownerOf(first, sent))),
    )
    expectSameRevision(record, first, sent)
    if (options.content === true) expectSameContent(record, first)
  }
  const known = new Set([...expected, ...(options.optional ?? [])].map(identityOf))
  const invented = shown.find((record) => !known.has(identityOf(record)))
  expectThat(
    invented === undefined,
    () => `expected only records that were sent, but found ${nameOf(invented)}`,
  )
}

function expectSameRevision(record: CdrRecord, shown: ShownRecord, sent: readonly CdrRecord[]): void {
  expectThat(
    shown.rank === record.rank,
    () =>
      `expected ${nameOf(record)} to be shown with rank ${record.rank}, but found ${shown.rank}` +
      ownerText(ownerOf(shown, sent)),
  )
  expectThat(
    shown.home === undefined || shown.home === record.home,
    () => `expected ${nameOf(record)} to be shown with home ${record.home}, but found ${shown.home}`,
  )
}

function expectSameContent(record: CdrRecord, shown: ShownRecord): void {
  const difference = contentDifference(record, shown)
  expectThat(
    difference === undefined,
    () => `expected ${nameOf(record)} to be unchanged, but found ${difference}`,
  )
}

function ownerText(owner: CdrRecord | undefined): string {
  return owner === undefined ? '' : `, which belongs to the key ${keyOf(owner)}`
}

function keyOf({ key }: { readonly key: string }): string {
  return JSON.stringify(key)
}

export function nameOf(record: { readonly org: string; readonly key: string } | undefined): string {
  return record === undefined
    ? 'nothing'
    : `the record ${JSON.stringify(record.key)} of ${JSON.stringify(record.org)}`
}
