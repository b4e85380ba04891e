import type { Shares } from '../faults.ts'

/** How an org signs in: the client of its integration or service app, and its first refresh token. */
export interface SimulatedSignIn {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
}

/**
 * Open questions about the token endpoint, each with a choice of answers (docs/api/webex-cdr-api.md, 2 and
 * 16, U10).
 */
export interface SignInBehaviour {
  /** How long an access token is valid, in milliseconds. */
  readonly accessTokenMs: number
  /** How long a refresh token is valid after it is issued or last used, in milliseconds. */
  readonly refreshTokenMs: number
  /**
   * - `off`: the refresh token stays the same
   * - `honoured`: each use issues a new one, and the old ones stay valid until the API has seen the new
   *   access token
   * - `at-once`: each use issues a new one and invalidates the old one
   */
  readonly rotation: 'off' | 'honoured' | 'at-once'
  /** How the response states `expires_in` and `refresh_token_expires_in`. */
  readonly lives: 'seconds' | 'text' | 'absent' | 'absurd'
  /** Whether the response repeats the refresh token if rotation is off. */
  readonly repeatsRefreshToken: boolean
  /** Null if the response names no scope. */
  readonly scope: string | null
}

/** The default behaviour of the token endpoint, as documented. */
export const usualSignIn: SignInBehaviour = {
  accessTokenMs: 1_209_600_000,
  refreshTokenMs: 7_776_000_000,
  rotation: 'off',
  lives: 'seconds',
  repeatsRefreshToken: true,
  scope: 'spark-admin:calling_cdr_read',
}

/**
 * What is wrong with all of an org's token requests: the refresh token, the client id or secret, or the app's
 * authorization.
 */
export type SignInRefusal = 'none' | 'grant' | 'client' | 'authorization'

/** What goes wrong with a token request. */
export type SignInFault =
  /** 500, 502 with HTML, 503 or 504. No tokens are issued. */
  | 'server-error'
  /** 429 with Retry-After. No tokens are issued. */
  | 'limited'
  /** No response, ever. No tokens are issued. */
  | 'hang'
  /** The connection ends before the headers. No tokens are issued. */
  | 'drop'
  /** Tokens are issued, but the connection ends before the headers, so they are lost. */
  | 'lost'
  /** Tokens are issued, but the connection ends in the middle of the body. */
  | 'cut'
  /** The body arrives after a delay. */
  | 'slow'
  /** 200 with HTML. No tokens are issued. */
  | 'html'
  /** 200 with a body of 4 MB. No tokens are issued. */
  | 'huge'
  /** 200 with a body that has no access token. No tokens are issued. */
  | 'incomplete'

/** All faults of token requests. */
export const signInFaults: readonly SignInFault[] = [
  'server-error',
  'limited',
  'hang',
  'drop',
  'lost',
  'cut',
  'slow',
  'html',
  'huge',
  'incomplete',
]

/** The fraction of token requests that each fault affects, from 0 to 1. */
export type SignInFaultShares = Shares<SignInFault>
