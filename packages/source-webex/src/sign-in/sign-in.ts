import type { FailedAnswer } from '@cdrstream/engine'
import type { SignInRefusal } from './refusal.ts'

/** A secret that shows itself only to who asks for it, so that nothing that prints options prints it. */
export interface SecretText {
  reveal(): string
}

/**
 * Where the access tokens of a credential come from. One for all orgs that share the credential: it must not
 * be renewed in two places.
 */
export interface SignIn {
  /**
   * The token of the next request. If the one at hand has ended, it is renewed first; shortly before its end,
   * in the background. With any number of calls at once there is one renewal. Rejects only when the signal is
   * aborted, which ends the wait and not the renewal.
   */
  accessToken(signal: AbortSignal): Promise<AccessTokenOutcome>
  /** The API took this token. */
  accepted(token: string): void
  /**
   * The API answered 401 to this token. Undefined: the next request will have another one, so it is worth
   * trying again.
   */
  refused(token: string): SignInRefusal | undefined
  state(): SignInState
  /**
   * Resolves when no renewal is under way: a process that ends before may lose a refresh token that was just
   * given.
   */
  idle(): Promise<void>
}

/** An access token, or why there is none. */
export type AccessTokenOutcome = AccessToken | SignInRefusal | SignInFailure

interface AccessToken {
  readonly kind: 'token'
  readonly token: string
}

/** No token could be had, and nobody knows whether one could be a moment later. */
export interface SignInFailure {
  readonly kind: 'failed'
  /**
   * `store`: the file system did not take, or give, the refresh token. The others as for an answer of the
   * API.
   */
  readonly reason: Exclude<FailedAnswer['reason'], 'token' | 'sign-in'> | 'store'
  /** Of the answer of the token address; null where there was none. */
  readonly status: number | null
  /** When to try again, in milliseconds from now; null: nobody said. */
  readonly retryAfterMs: number | null
  /** Never with a secret. */
  readonly detail: string
}

/** For status and metrics. Times in milliseconds since 1970; null: not known. */
export interface SignInState {
  /** `fixed`: a token that cannot be renewed. */
  readonly kind: 'fixed' | 'renewing'
  readonly accessTokenEndsAtMs: number | null
  readonly refreshTokenEndsAtMs: number | null
  readonly renewedAtMs: number | null
  /** Why the last renewal failed; null: it did not. The access token at hand may still be good. */
  readonly trouble: SignInTrouble | null
}

/** What is wrong with a sign-in, for status and doctor. */
export interface SignInTrouble {
  /** `sign-in-failed`, or the code of a refusal. */
  readonly code: string
  /** What a person has to do; null: wait, it is tried again. */
  readonly remedy: string | null
}

/** Something that the operator may want to read in the log. Never with a secret. */
export interface SignInEvent {
  readonly level: 'info' | 'warn' | 'error'
  /** Stable, for machines. */
  readonly code: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}
