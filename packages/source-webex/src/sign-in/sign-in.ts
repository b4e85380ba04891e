import type { FailedAnswer } from '@cdrstream/engine'
import type { SignInRefusal } from './refusal.ts'

/** A secret that has to be revealed explicitly, so that it does not appear where options are printed. */
export interface SecretText {
  reveal(): string
}

/**
 * Provides the access tokens of a credential. All orgs with the same credential must share one instance,
 * because a credential must not be renewed in two places.
 */
export interface SignIn {
  /**
   * Returns the token for the next request. An expired token is renewed first. Shortly before expiry, a token
   * is renewed in the background. Concurrent calls share one renewal. Rejects only if the signal is aborted,
   * which ends the wait but not the renewal.
   */
  accessToken(signal: AbortSignal): Promise<AccessTokenOutcome>
  /** Records that the API accepted this token. */
  accepted(token: string): void
  /**
   * Records that the API answered 401 to this token. Returns undefined if the next request will have a new
   * token, so that a retry makes sense.
   */
  refused(token: string): SignInRefusal | undefined
  /** Returns the state of the sign-in, for status and metrics. */
  state(): SignInState
  /**
   * Resolves when no renewal is in progress. A process that exits earlier may lose a refresh token that was
   * just issued.
   */
  idle(): Promise<void>
}

/** An access token, or why there is none. */
export type AccessTokenOutcome = AccessToken | SignInRefusal | SignInFailure

interface AccessToken {
  readonly kind: 'token'
  readonly token: string
}

/** There is currently no token. A later attempt may succeed. */
export interface SignInFailure {
  readonly kind: 'failed'
  /** `store`: the refresh token could not be stored or read. The others are the faults of an API answer. */
  readonly reason: Exclude<FailedAnswer['reason'], 'token' | 'sign-in'> | 'store'
  /** The status of the token endpoint's response. Null if there was none. */
  readonly status: number | null
  /** When to try again, in milliseconds from now. Null if the server did not specify it. */
  readonly retryAfterMs: number | null
  /** Never contains a secret. */
  readonly detail: string
}

/**
 * The state of a sign-in, for status and metrics. Times are in milliseconds since 1970, or null if unknown.
 */
export interface SignInState {
  /** `fixed`: a token that cannot be renewed. */
  readonly kind: 'fixed' | 'renewing'
  readonly accessTokenEndsAtMs: number | null
  readonly refreshTokenEndsAtMs: number | null
  readonly renewedAtMs: number | null
  /** Why the last renewal failed. Null if it succeeded. The current access token may still be valid. */
  readonly trouble: SignInTrouble | null
}

/** What is wrong with a sign-in, for status and doctor. */
export interface SignInTrouble {
  /** `sign-in-failed`, or the code of a refusal. */
  readonly code: string
  /** What a person has to do. Null if nothing has to be done, because the request is retried. */
  readonly remedy: string | null
}

/** An event for the operator's log. Never contains a secret. */
export interface SignInEvent {
  readonly level: 'info' | 'warn' | 'error'
  /** Stable, for machines. */
  readonly code: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}
