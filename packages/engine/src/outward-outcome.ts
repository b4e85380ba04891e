import { createContentHider, personalContent, type Words } from '@cdrstream/core'
import type { CdrRecord } from '@cdrstream/plugin'
import { type Thrown, textOf } from './call-sink.ts'

const mostCharactersOfCode = 64
const mostCharactersOfRemedy = 1_000

/**
 * Returns an outcome with its texts as they may go into the log, and into the quarantine as a reason: without
 * what these records say about people, without secrets, and as one line. A sink is asked not to quote
 * records; its database or its library may all the same.
 */
export function outwardOutcome<Outcome>(
  outcome: Outcome | Thrown,
  records: readonly CdrRecord[],
  words: Words,
): Outcome | Thrown {
  if (typeof outcome !== 'object' || outcome === null) return outcome
  const { code, reason, remedy, refused, cause } = outcome as SaidTexts
  const isSilent = [code, reason, remedy, refused, cause].every((text) => text === undefined)
  if (isSilent) return outcome
  const hideContent = createContentHider(personalContent(records))
  // A sink in JavaScript may leave a text out.
  const outward = (text: unknown, most?: number) => words(hideContent(textOf(text)), most)
  // With thousands of records, each reason is compared with its own one.
  const outwardReason = (index: number, text: unknown) => {
    const record = records[index]
    const hideOfRecord = createContentHider(personalContent(record === undefined ? [] : [record]))
    return words(hideOfRecord(textOf(text)))
  }
  return {
    ...outcome,
    ...(code !== undefined && { code: outward(code, mostCharactersOfCode) }),
    ...(reason !== undefined && { reason: outward(reason) }),
    ...(remedy !== undefined && { remedy: outward(remedy, mostCharactersOfRemedy) }),
    ...(cause !== undefined && { cause: outward(cause) }),
    ...(refused !== undefined && {
      refused: refused.map(({ index, reason }) => ({ index, reason: outwardReason(index, reason) })),
    }),
  }
}

/** What of an outcome is for a person to read, whatever its kind. */
interface SaidTexts {
  readonly code?: unknown
  readonly reason?: unknown
  readonly remedy?: unknown
  readonly cause?: unknown
  readonly refused?: readonly { readonly index: number; readonly reason: unknown }[]
}
