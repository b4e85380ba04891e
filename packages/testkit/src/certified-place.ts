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
  if (certification.erase !== true) await expectOwnPlace(certification, place, given)
  return given
}

async function expectOwnPlace(certification: SinkCertification, place: string, given: object): Promise<void> {
  const { readBack } = certification
  // There may be nothing yet to read back from, such as no table.
  const shown = await Promise.resolve(readBack?.(given)).catch(() => undefined)
  if (!Array.isArray(shown)) return await expectNewPlace(certification, place, given)
  const other = shown.find(({ org }) => !String(org).startsWith(prefix))
  expectThat(
    other === undefined,
    () =>
      'expected `options` to make a new place for each call, and found one that holds records, ' +
      `such as one of ${JSON.stringify(other?.org)}; nothing was changed`,
  )
}

/** Where nothing can be read back, only the options show whether `cleanUp` deletes a place of its own. */
async function expectNewPlace(
  { options, cleanUp }: SinkCertification,
  place: string,
  given: object,
): Promise<void> {
  if (cleanUp === undefined || typeof options !== 'function') return
  const text = JSON.stringify(given)
  if (text.includes(place)) return
  const other: object = await askCertification('options', () => options(newPlaceName()))
  expectThat(
    JSON.stringify(other) !== text,
    () =>
      'expected `options` to make a new place for each call, and it gives the same one, which `cleanUp` may delete; ' +
      'if all that is there may be lost, set `erase: true`. Nothing was changed',
  )
  await askCertification('cleanUp', () => cleanUp(other))
}
