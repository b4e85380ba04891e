import { randomUUID } from 'node:crypto'
import { createWords } from '@cdrstream/core/words'
import type { Clock } from '@cdrstream/engine'
import { decodeText } from '../decode-body.ts'
import { exchange } from '../exchange.ts'
import { firstHeader } from '../first-header.ts'
import type { Transport } from '../transport.ts'
import {
  classifyTokenAnswer,
  type GrantRefusal,
  mostCharactersOfDetail,
  type TokenOutcome,
} from './classify-token-answer.ts'

/** An answer is about a thousand bytes. */
const maxBodyBytes = 1_000_000

export interface TokenRequestTerms {
  readonly tokenUrl: string
  readonly transport: Transport
  readonly clock: Clock
  /** From sending to the headers, and from the headers to the end of the body, in milliseconds. */
  readonly timeoutMs: number
  readonly userAgent: string
}

interface TokenForm {
  readonly fields: Readonly<Record<string, string>>
  /** Values that must not appear in a detail. */
  readonly secrets: readonly string[]
  readonly grantRefusal: GrantRefusal
}

/** Sends one request to the token endpoint. Never rejects. */
export async function requestTokens(
  { fields, secrets, grantRefusal }: TokenForm,
  { tokenUrl, transport, clock, timeoutMs, userAgent }: TokenRequestTerms,
  signal: AbortSignal,
): Promise<TokenOutcome> {
  const words = createWords(secrets)
  const request = {
    url: tokenUrl,
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': userAgent,
      trackingid: `cdrstream_${randomUUID()}`,
    },
    body: new URLSearchParams(fields).toString(),
  } as const
  const terms = { transport, clock, headersMs: timeoutMs, bodyMs: timeoutMs, maxBytes: () => maxBodyBytes }
  const result = await exchange(request, terms, signal)
  if (result.kind === 'unanswered') {
    const detail = words(result.detail, mostCharactersOfDetail)
    return { kind: 'failed', reason: result.reason, status: null, retryAfterMs: null, detail }
  }
  const { headers } = result
  const body =
    result.body.kind === 'fault'
      ? { ...result.body, detail: words(result.body.detail, mostCharactersOfDetail) }
      : await decodeText(result.body.bytes, firstHeader(headers, 'content-encoding'), maxBodyBytes)
  return classifyTokenAnswer({ ...result, body }, grantRefusal, words)
}
