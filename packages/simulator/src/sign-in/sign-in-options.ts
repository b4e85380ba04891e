import type { Shares } from '../faults.ts'

/** How an org signs in: an integration or a service app, and the refresh token that it was given first. */
export interface SimulatedSignIn {
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
}

/** What is not known of the token address, one way or the other (api facts, section 2 and section 16, U10). */
export interface SignInBehaviour {
  /** How long an access token is valid, in milliseconds. */
  readonly accessTokenMs: number
  /** How long a refresh token is valid. Each use begins it anew. */
  readonly refreshTokenMs: number
  /**
   * - `off`: a refresh token stays the same
   * - `honoured`: each use gives a new one; the old ones are valid until the API has seen the new access token
   * - `at-once`: each use gives a new one, and ends the old one
   */
  readonly rotation: 'off' | 'honoured' | 'at-once'
  /** `expires_in` and `refresh_token_expires_in`. */
  readonly lives: 'seconds' | 'text' | 'absent' | 'absurd'
  /** With rotation off: whether the answer repeats the refresh token. */
  readonly repeatsRefreshToken: boolean
  /** Null: the answer names none. */
  readonly scope: string | null
}

export const usualSignIn: SignInBehaviour = {
  accessTokenMs: 1_209_600_000,
  refreshTokenMs: 7_776_000_000,
  rotation: 'off',
  lives: 'seconds',
  repeatsRefreshToken: true,
  scope: 'spark-admin:calling_cdr_read',
}

/** Why every token request of an org is refused: the token, the client's id or secret, the app's authorization. */
export type SignInRefusal = 'none' | 'grant' | 'client' | 'authorization'

/** What goes wrong with a token request. */
export type SignInFault =
  /** 500, 502 with HTML, 503 or 504; nothing was done. */
  | 'server-error'
  /** 429 with Retry-After; nothing was done. */
  | 'limited'
  /** No answer, ever; nothing was done. */
  | 'hang'
  /** The connection ends before the headers; nothing was done. */
  | 'drop'
  /** The connection ends before the headers, when all was done: the tokens are lost. */
  | 'lost'
  /** All was done, and the connection ends in the middle of the body. */
  | 'cut'
  /** The body comes only after a while. */
  | 'slow'
  /** 200 with HTML; nothing was done. */
  | 'html'
  /** 200 with a body of 4 MB; nothing was done. */
  | 'huge'
  /** 200 with a body that has no access token; nothing was done. */
  | 'incomplete'

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

export type SignInFaultShares = Shares<SignInFault>
