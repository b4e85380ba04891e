import type { Transport, TransportResponse } from '@cdrstream/source-webex'
import type { Chance } from '@cdrstream-internal/chance'
import type { AnsweredCase, FuzzCase } from '../make/make-case.ts'
import type { CaseClock } from './case-clock.ts'

/** Answers each request with the case. `pieces` decides how the body is split into chunks. */
export function caseTransport(fuzzCase: FuzzCase, clock: CaseClock, pieces: Chance): Transport {
  return async () => {
    if (fuzzCase.kind === 'unanswered') throw fuzzCase.cause
    const { status, statusText, headers } = fuzzCase
    return { status, statusText, headers, body: bodyOf(fuzzCase, clock, pieces) }
  }
}

function bodyOf({ bytes, end }: AnsweredCase, clock: CaseClock, pieces: Chance): TransportResponse['body'] {
  switch (end) {
    case 'whole':
      return split(bytes, pieces)
    case 'cut':
      return (async function* cut() {
        yield bytes.subarray(0, pieces.integer(0, bytes.length))
        throw new Error('the connection was closed')
      })()
    case 'never':
      return (async function* never() {
        yield bytes
        setImmediate(() => clock.expire())
        await new Promise(() => {})
      })()
  }
}

function split(bytes: Buffer, pieces: Chance): readonly Buffer[] {
  const chunks: Buffer[] = []
  let at = 0
  while (at < bytes.length && chunks.length < 20 && pieces.happens(0.5)) {
    const to = Math.min(bytes.length, at + pieces.integer(0, pieces.happens(0.5) ? 3 : bytes.length))
    chunks.push(bytes.subarray(at, to))
    at = to
  }
  return [...chunks, bytes.subarray(at)]
}
