import { hash, randomBytes } from 'node:crypto'
import type { IssuedTokens } from './classify-token-answer.ts'
import { endOf } from './refresh-token-keeper.ts'
import { refusal, type SignInRefusal } from './refusal.ts'
import { requestTokens } from './request-tokens.ts'
import type { SecretText, SignInFailure } from './sign-in.ts'
import { type TokenAddressOptions, tokenRequestTerms } from './sign-in-options.ts'
import { authorizeUrls } from './token-address.ts'
import { configuredSha256, type StoredSignIn } from './token-store.ts'

/** What reading call detail records takes (API facts, section 2). */
export const cdrScope = 'spark-admin:calling_cdr_read'

/** Proves that who exchanges a code is who asked for it (RFC 7636). */
export interface CodeVerifier {
  /** Kept, and sent with the code. A secret until then. */
  readonly verifier: string
  /** Sent with the user to the sign-in page: its SHA-256, base64url. */
  readonly challenge: string
}

/** `random` gives so many random bytes; default: the platform's. */
export function createCodeVerifier(random: (bytes: number) => Buffer = randomBytes): CodeVerifier {
  const verifier = random(32).toString('base64url')
  return { verifier, challenge: hash('sha256', verifier, 'base64url') }
}

/** What goes with the user to the sign-in page. */
export interface AuthorizationRequest {
  readonly clientId: string
  /** Must be one of those that the integration has registered. */
  readonly redirectUri: string
  /** Comes back with the code: that of another sign-in is not ours. Unguessable. */
  readonly state: string
  readonly challenge: string
  /** Default: of commercial Webex. */
  readonly authorizeUrl?: string
  /** Default: the one that reading needs. */
  readonly scopes?: readonly string[]
}

/** The address that the user's browser has to open. */
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

/** A first pair of tokens. */
export interface ExchangedTokens extends IssuedTokens {
  readonly refreshToken: string
  /** When they were asked for: their lives count from then. Milliseconds since 1970. */
  readonly sentAtMs: number
}

/** What a code is exchanged with. */
export interface CodeExchange {
  readonly code: string
  readonly verifier: string
  /** The same as in the authorization. */
  readonly redirectUri: string
}

/**
 * Exchanges the code of a login for tokens, and sees to it that they allow reading: where the server names no
 * scopes, the first request will tell. Throws RangeError if secrets may not go to `tokenUrl`; rejects for
 * nothing.
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
 * What a login puts into the token store: a sign-in with this configured refresh token, or with none, goes on
 * from there.
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
