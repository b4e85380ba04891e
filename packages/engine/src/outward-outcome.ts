import { personalContent } from '@cdrstream/core'
import { createContentHider, type Words } from '@cdrstream/core/words'
import type { CdrRecord } from '@cdrstream/plugin'
import { type Thrown, textOf } from './call-sink.ts'

const maxCodeCharacters = 64
const maxRemedyCharacters = 1_000

/**
 * Returns an outcome with texts that are safe in the log and as a reason in quarantine: without personal
 * content from these records, without secrets, and on one line. Sinks are asked not to quote records, but
 * their database or library may do so.
 */
export function outwardOutcome<Outcome>(
  outcome: Outcome | Thrown,
  records: readonly CdrRecord[],
  words: Words,
): Outcome | Thrown {
  if (typeof outcome !== 'object' || outcome === null) return outcome
  const { code, reason, remedy, refused, cause } = outcome as OutcomeTexts
  const isSilent = [code, reason, remedy, refused, cause].every((text) => text === undefined)
  if (isSilent) return outcome
  const hideContent = createContentHider(personalContent(records))
  // A sink written in JavaScript may omit a string.
  const outward = (text: unknown, maxCharacters?: number) => words(hideContent(textOf(text)), maxCharacters)
  // With thousands of records, each reason is compared with its own record only.
  const outwardReason = (index: number, text: unknown) => {
    const record = records[index]
    const hideOfRecord = createContentHider(personalContent(record === undefined ? [] : [record]))
    return words(hideOfRecord(textOf(text)))
  }
  return {
    ...outcome,
    ...(code !== undefined && { code: outward(code, maxCodeCharacters) }),
    ...(reason !== undefined && { reason: outward(reason) }),
    ...(remedy !== undefined && { remedy: outward(remedy, maxRemedyCharacters) }),
    ...(cause !== undefined && { cause: outward(cause) }),
    ...(refused !== undefined && {
      refused: refused.map(({ index, reason }) => ({ index, reason: outwardReason(index, reason) })),
    }),
  }
}

/** The readable texts of an outcome of any kind. */
interface OutcomeTexts {
  readonly code?: unknown
  readonly reason?: unknown
  readonly remedy?: unknown
  readonly cause?: unknown
  readonly refused?: readonly { readonly index: number; readonly reason: unknown }[]
}
