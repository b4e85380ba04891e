import type { Words } from '@cdrstream/core/words'
import type { BodyText } from '../decode-body.ts'
import { firstHeader } from '../first-header.ts'
import type { BodyFault } from '../read-body.ts'
import { readErrorBody } from '../read-error-body.ts'
import { readHttpDate } from '../read-http-date.ts'
import { readRetryAfter } from '../read-retry-after.ts'
import type { HttpReply } from '../reply.ts'
import { readLifeMs } from './read-life.ts'
import { refusal, type SignInRefusal, type SignInRefusalCode } from './refusal.ts'
import type { SignInFailure } from './sign-in.ts'

/** The tokens that the token endpoint issued. */
export interface IssuedTokens {
  readonly kind: 'issued'
  readonly accessToken: string
  /** Null if none was returned, in which case the one that was sent remains valid. */
  readonly refreshToken: string | null
  /** Lifetimes in milliseconds, counted from when the request was sent. Null: missing or implausible. */
  readonly accessLifeMs: number | null
  readonly refreshLifeMs: number | null
  /** Null: the server did not name them. */
  readonly scopes: readonly string[] | null
}

export type TokenOutcome = IssuedTokens | SignInRefusal | SignInFailure

/** A reply from the token endpoint whose body has been read. */
export type TokenReply = HttpReply<BodyText | BodyFault>

/**
 * The maximum length of a detail. Longer than the final text, because other secrets are hidden before it is
 * shortened.
 */
export const mostCharactersOfDetail = 2_000

/** The code for a refused grant: a refresh token, or the code of a login. */
export type GrantRefusal = Extract<SignInRefusalCode, 'refresh-token-refused' | 'code-refused'>

/**
 * Returns what a response from the token endpoint means (API facts, section 2; RFC 6749, section 5). A detail
 * contains the server's own message, passed through `words`.
 */
export function classifyTokenAnswer(
  reply: TokenReply,
  grantRefusal: GrantRefusal,
  words: Words,
): TokenOutcome {
  const { status, body } = reply
  if (status === 200) {
    return body.kind === 'fault'
      ? failed(reply, body.reason, body.detail)
      : (readTokens(body.text) ?? failed(reply, 'malformed', 'the body has no access token'))
  }
  if (body.kind === 'fault') return failed(reply, body.reason, body.detail)
  const parsed = parseObject(body.text)
  const described = typeof parsed?.error_description === 'string' ? parsed.error_description : undefined
  const detail = words(described ?? readErrorBody(body.text)[0] ?? reply.statusText, mostCharactersOfDetail)
  const code = refusalCode(status, isHtml(body.text), parsed?.error, grantRefusal)
  return code === undefined ? failed(reply, 'unavailable', detail) : refusal(code, status, detail)
}

/** Returns undefined if a later request may succeed. */
function refusalCode(
  status: number,
  inHtml: boolean,
  error: unknown,
  grantRefusal: GrantRefusal,
): SignInRefusalCode | undefined {
  switch (status) {
    case 400:
    case 401:
    case 403:
      // Proxies and gateways also use these statuses, and their answers say nothing about tokens.
      return inHtml ? undefined : (byError(error, grantRefusal) ?? byStatus(status, grantRefusal))
    case 404:
    case 405:
    case 410:
    case 415:
      return 'token-url-refused'
    default:
      return undefined
  }
}

function isHtml(body: string): boolean {
  return body.trimStart().startsWith('<')
}

function byError(error: unknown, grantRefusal: GrantRefusal): SignInRefusalCode | undefined {
  switch (error) {
    case 'invalid_grant':
      return grantRefusal
    case 'invalid_client':
    case 'unauthorized_client':
      return 'client-refused'
    case 'access_denied':
      return 'app-not-authorized'
    case 'unsupported_grant_type':
      return 'token-url-refused'
    case 'invalid_scope':
      return 'scope-missing'
    default:
      return undefined
  }
}

function byStatus(status: 400 | 401 | 403, grantRefusal: GrantRefusal): SignInRefusalCode {
  switch (status) {
    case 400:
      return grantRefusal
    case 401:
      return 'client-refused'
    case 403:
      return 'app-not-authorized'
  }
}

function readTokens(text: string): IssuedTokens | undefined {
  const body = parseObject(text)
  if (body === undefined || !isToken(body.access_token)) return undefined
  return {
    kind: 'issued',
    accessToken: body.access_token,
    refreshToken: isToken(body.refresh_token) ? body.refresh_token : null,
    accessLifeMs: readLifeMs(body.expires_in),
    refreshLifeMs: readLifeMs(body.refresh_token_expires_in),
    scopes: typeof body.scope === 'string' ? body.scope.split(/[\s,]+/).filter(Boolean) : null,
  }
}

/** Returns whether a header can contain the text. */
function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 16_384 && /^[\x21-\x7e]+$/.test(value)
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
    return parsed as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

function failed(reply: TokenReply, reason: SignInFailure['reason'], detail: string): SignInFailure {
  const dateMs = readHttpDate(firstHeader(reply.headers, 'date')) ?? reply.answeredAtMs
  const retryAfterMs = readRetryAfter(firstHeader(reply.headers, 'retry-after'), dateMs)
  return { kind: 'failed', reason, status: reply.status, retryAfterMs, detail }
}
