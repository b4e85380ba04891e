import { randomBytes } from 'node:crypto'
import { callCertification } from './call-certification.ts'
import { CheckFailure, expectThat } from './check-failure.ts'
import type { SinkCertification } from './sink-certification.ts'

const prefix = 'certify_'

/** Returns a new, unique name for a place or an org. */
export function newPlaceName(): string {
  return `${prefix}${randomBytes(6).toString('hex')}`
}

/**
 * Returns whether the checks may write to, break and remove the certification's place, which it must create
 * for each check unless it permits the loss of everything in a fixed place.
 */
export function mayUsePlace({ options, erase }: Pick<SinkCertification, 'options' | 'erase'>): boolean {
  return typeof options === 'function' || erase === true
}

/** Returns a place's options. Throws if the place holds records that were not written by a check. */
export async function preparePlace(certification: SinkCertification, place: string): Promise<object> {
  const { options } = certification
  const given: unknown =
    typeof options === 'function' ? await callCertification('options', () => options(place)) : options
  if (typeof given !== 'object' || given === null) {
    throw new CheckFailure(`expected the certification's options to be an object, but found ${typeof given}`)
  }
  if (certification.erase !== true) await expectOwnPlace(certification, place, given)
  return given
}

async function expectOwnPlace(certification: SinkCertification, place: string, given: object): Promise<void> {
  const { readBack } = certification
  // Reading back may fail in a new place, for example because there is no table yet.
  const shown = await Promise.resolve(readBack?.(given)).catch(() => undefined)
  if (!Array.isArray(shown)) return await expectNewPlace(certification, place, given)
  const other = shown.find(({ org }) => !String(org).startsWith(prefix))
  expectThat(
    other === undefined,
    () =>
      'expected `options` to create a new place for each call, but found one with records, ' +
      `such as one of the org ${JSON.stringify(other?.org)}; nothing was changed`,
  )
}

/**
 * If nothing can be read back, only different options for each call prove that `cleanUp` deletes a new place.
 */
async function expectNewPlace(
  { options, cleanUp }: SinkCertification,
  place: string,
  given: object,
): Promise<void> {
  if (cleanUp === undefined || typeof options !== 'function') return
  const text = JSON.stringify(given)
  if (text.includes(place)) return
  const other: object = await callCertification('options', () => options(newPlaceName()))
  expectThat(
    JSON.stringify(other) !== text,
    () =>
      'expected `options` to create a new place for each call, but it returned the same one twice, and ' +
      '`cleanUp` may delete it; set `erase: true` if everything in it may be lost. Nothing was changed',
  )
  await callCertification('cleanUp', () => cleanUp(other))
}
