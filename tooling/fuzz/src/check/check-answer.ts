import type { Answer } from '@cdrstream/engine'
import { canaryToken, type FuzzCase } from '../make/make-case.ts'
import { canaryNumber } from '../make/make-item.ts'
import type { Problem } from './problem.ts'

const dayMs = 86_400_000
/**
 * The length to which the source truncates the API's text. The log truncates it further, after hiding other
 * secrets.
 */
const maxCharacters = 2_000

/** Checks everything in the answer that the engine relies on, except its items. */
export function checkAnswer(answer: Answer<unknown>, fuzzCase: FuzzCase, nowMs: number): readonly Problem[] {
  const problems: Problem[] = []
  const wrong = (detail: string) => problems.push({ kind: 'answer', detail })
  const { answeredAtMs, serverDateMs, trackingId } = answer
  if ((answeredAtMs === nowMs) !== (fuzzCase.kind === 'answered')) wrong(`answered at ${answeredAtMs}`)
  if (serverDateMs !== null && !(Math.abs(serverDateMs - nowMs) <= 366 * dayMs)) wrong(`date ${serverDateMs}`)
  if (trackingId !== null && !isLogLine(trackingId)) wrong('tracking id')
  switch (answer.kind) {
    case 'page':
      if (answer.next !== null) {
        const { query, resumeMs, totalCount } = answer.next
        if (query === '') wrong('a link without a query')
        if (resumeMs !== null && !Number.isFinite(resumeMs)) wrong(`resume time ${resumeMs}`)
        if (totalCount !== null && !(Number.isSafeInteger(totalCount) && totalCount >= 0))
          wrong('total count')
      }
      break
    case 'limited':
    case 'failed': {
      const { retryAfterMs } = answer
      if (retryAfterMs !== null && !(retryAfterMs >= 0 && retryAfterMs <= dayMs))
        wrong(`wait ${retryAfterMs}`)
      if (answer.kind === 'failed' && !isLogLine(answer.detail)) wrong('detail')
      break
    }
    case 'refused':
      if (!isLogLine(answer.detail)) wrong('detail')
      break
  }
  const { items: _, next: __, ...reported } = { items: [], next: null, ...answer }
  const text = JSON.stringify(reported)
  if (text.includes(canaryToken)) problems.push({ kind: 'leak', detail: 'the token' })
  if (text.includes(canaryNumber)) problems.push({ kind: 'leak', detail: 'a number of a record' })
  return problems
}

/** Returns whether the text fits on one log line. */
function isLogLine(text: string): boolean {
  return text.length <= maxCharacters && text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)
}
