import { personalValues } from '@cdrstream/core'
import type { CdrRecord, Failed, Rejected, Retry, WriteOutcome } from '@cdrstream/plugin'
import { describeTrouble, type Thrown } from './call-sink.ts'

/** A shorter one is a part of other words: to hide it would tell more than it hides. */
const shortest = 3

/**
 * What a sink says of records, without what they say of people: it goes into the log, and into the quarantine as a reason. A sink is
 * asked not to quote records; its database or its library may all the same.
 */
export function withoutContent(
  outcome: WriteOutcome | Thrown,
  records: readonly CdrRecord[],
): WriteOutcome | Thrown {
  if (outcome.kind !== 'accepted' && outcome.kind !== 'refused') return trouble(outcome, records)
  if (outcome.refused === undefined) return outcome
  const refused = outcome.refused.map(({ index, reason }) => {
    const record = records[index]
    return { index, reason: record === undefined ? reason : conceal(reason, [record]) }
  })
  return { ...outcome, refused }
}

function trouble(
  outcome: Rejected | Retry | Failed | Thrown,
  records: readonly CdrRecord[],
): Rejected | Retry | Failed | Thrown {
  const cause = () => conceal(describeTrouble(outcome), records)
  switch (outcome.kind) {
    case 'rejected':
      return { ...outcome, reason: conceal(outcome.reason, records) }
    case 'thrown':
      return { ...outcome, cause: cause() }
    case 'retry':
      return outcome.cause === undefined ? outcome : { ...outcome, cause: cause() }
    case 'failed': {
      const remedy = conceal(outcome.remedy, records)
      return outcome.cause === undefined ? { ...outcome, remedy } : { ...outcome, remedy, cause: cause() }
    }
  }
}

function conceal(said: string, records: readonly CdrRecord[]): string {
  // A sink in JavaScript may leave it out.
  const words = String(said)
  const found = new Set(
    records
      .flatMap(personalValues)
      .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
      .filter((value) => value.length >= shortest && words.includes(value)),
  )
  // The longest first: it may hold others.
  return [...found]
    .sort((a, b) => b.length - a.length)
    .reduce((text, value) => text.replaceAll(value, '…'), words)
}
