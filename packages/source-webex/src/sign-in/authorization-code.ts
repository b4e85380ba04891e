import { hash, randomBytes } from 'node:crypto'
import type { IssuedTokens } from './classify-token-answer.ts'
import { endOf } from './refresh-token-keeper.ts'
import { refusal, type SignInRefusal } from './refusal.ts'
import { requestTokens } from './request-tokens.ts'
import type { SecretText, SignInFailure } from './sign-in.ts'
import { type TokenAddressOptions, tokenRequestTerms } from './sign-in-options.ts'
import { authorizeUrls } from './token-address.ts'
import { configuredSha256, type StoredSignIn } from './token-store.ts'

/** The scope that reading call detail records requires (API facts, section 2). */
export const cdrScope = 'spark-admin:calling_cdr_read'

/** Proves that a code is exchanged by the client that requested it (RFC 7636). */
export interface CodeVerifier {
  /** Kept secret until it is sent with the code. */
  readonly verifier: string
  /** Part of the authorization URL: the SHA-256 of the verifier as base64url. */
  readonly challenge: string
}

/**
 * Returns a new code verifier and its challenge. `random` returns the given number of random bytes. Default:
 * the platform's generator.
 */
export function createCodeVerifier(random: (bytes: number) => Buffer = randomBytes): CodeVerifier {
  const verifier = random(32).toString('base64url')
  return { verifier, challenge: hash('sha256', verifier, 'base64url') }
}

/** The parameters of the authorization URL. */
export interface AuthorizationRequest {
  readonly clientId: string
  /** Must be registered for the integration. */
  readonly redirectUri: string
  /** Returned with the code, so that a code from another sign-in is recognized. Must be unguessable. */
  readonly state: string
  readonly challenge: string
  /** Default: commercial Webex. */
  readonly authorizeUrl?: string
  /** Default: the scope that reading call detail records requires. */
  readonly scopes?: readonly string[]
}

/** Returns the URL that the user opens in a browser. */
export function authorizationUrl(request: AuthorizationRequest): string {
  const url = new URL(request.authorizeUrl ?? authorizeUrls.commercial)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: (request.scopes ?? [cdrScope]).join(' '),
    state: request.state,
    code_challenge: request.challenge,
    code_challenge_method: 'S256',
  }).toString()
  return url.href
}

/** The first tokens of a login. */
export interface ExchangedTokens extends IssuedTokens {
  readonly refreshToken: string
  /** When the tokens were requested, in milliseconds since 1970. Their lifetimes count from this time. */
  readonly sentAtMs: number
}

/** The parameters of a code exchange. */
export interface CodeExchange {
  readonly code: string
  readonly verifier: string
  /** Must match the authorization URL. */
  readonly redirectUri: string
}

/**
 * Exchanges a login code for tokens, and checks that they include the required scope. If the server names no
 * scopes, the first API request shows whether they do. Throws a RangeError if secrets may not be sent to
 * `tokenUrl`; never rejects otherwise.
 */
export async function exchangeCode(
  { code, verifier, redirectUri }: CodeExchange,
  options: TokenAddressOptions,
  signal: AbortSignal,
): Promise<ExchangedTokens | SignInRefusal | SignInFailure> {
  const terms = tokenRequestTerms(options)
  const clientSecret = options.clientSecret.reveal()
  const sentAtMs = options.clock.nowMs()
  const outcome = await requestTokens(
    {
      fields: {
        grant_type: 'authorization_code',
        client_id: options.clientId,
        client_secret: clientSecret,
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      },
      secrets: [clientSecret, code, verifier],
      grantRefusal: 'code-refused',
    },
    terms,
    signal,
  )
  if (outcome.kind !== 'issued') return outcome
  const { refreshToken, scopes } = outcome
  if (scopes !== null && !scopes.includes(cdrScope)) return refusal('scope-missing', 200)
  if (refreshToken === null) {
    const detail = 'the body has no refresh token'
    return { kind: 'failed', reason: 'malformed', status: 200, retryAfterMs: null, detail }
  }
  return { ...outcome, refreshToken, sentAtMs }
}

/**
 * Returns what a login stores, so that a sign-in with this configured refresh token, or without one,
 * continues from it.
 */
export function storedSignIn(tokens: ExchangedTokens, configured: SecretText | undefined): StoredSignIn {
  const { refreshToken, refreshLifeMs, accessLifeMs, sentAtMs } = tokens
  return {
    configuredSha256: configuredSha256(configured?.reveal()),
    refreshToken,
    refreshTokenEndsAtMs: endOf(sentAtMs, refreshLifeMs),
    accessTokenEndsAtMs: endOf(sentAtMs, accessLifeMs),
    renewedAtMs: sentAtMs,
  }
}
