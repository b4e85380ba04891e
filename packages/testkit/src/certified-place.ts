import { randomBytes } from 'node:crypto'
import { askCertification } from './ask-certification.ts'
import { CheckFailure, expectThat } from './check-failure.ts'
import type { SinkCertification } from './sink-certification.ts'

const prefix = 'certify_'

/** Returns a name that no place and no org had before. */
export function newPlaceName(): string {
  return `${prefix}${randomBytes(6).toString('hex')}`
}

/**
 * Whether the checks may write to, break and remove the place that the certification names: it makes a new
 * one for each check, or says that whatever lies in a given one may be lost.
 */
export function mayUsePlace({ options, erase }: Pick<SinkCertification, 'options' | 'erase'>): boolean {
  return typeof options === 'function' || erase === true
}

/** Returns the options of a place. Throws if it holds records that no check has written. */
export async function takePlace(certification: SinkCertification, place: string): Promise<object> {
  const { options } = certification
  const given: unknown =
    typeof options === 'function' ? await askCertification('options', () => options(place)) : options
  if (typeof given !== 'object' || given === null) {
    throw new CheckFailure(`expected the certification's options to be an object, and found ${typeof given}`)
  }
  if (certification.erase !== true) await expectNoOtherRecords(certification, given)
  return given
}

async function expectNoOtherRecords({ readBack }: SinkCertification, given: object): Promise<void> {
  // There may be nothing yet to read back from, such as no table.
  const shown = await Promise.resolve(readBack?.(given)).catch(() => undefined)
  if (!Array.isArray(shown)) return
  const other = shown.find(({ org }) => !String(org).startsWith(prefix))
  expectThat(
    other === undefined,
    () =>
      'expected `options` to make a new place for each call, and found one that holds records, ' +
      `such as one of ${JSON.stringify(other?.org)}; nothing was changed`,
  )
}
