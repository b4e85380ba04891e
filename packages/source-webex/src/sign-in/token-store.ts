import { hash } from 'node:crypto'

/**
 * The part of a sign-in that is stored. The refresh token is its only secret. Access tokens are never stored.
 */
export interface StoredSignIn {
  /**
   * The SHA-256 (hexadecimal) of the configured refresh token that the stored one was obtained with. Null
   * after a login with none configured. If a different token is configured later, it replaces the stored one.
   */
  readonly configuredSha256: string | null
  readonly refreshToken: string
  /** Times are in milliseconds since 1970, or null if unknown. */
  readonly refreshTokenEndsAtMs: number | null
  readonly accessTokenEndsAtMs: number | null
  readonly renewedAtMs: number
}

/** Stores a sign-in. Both methods may reject. The sign-in then waits and retries. */
export interface TokenStore {
  /** Returns what is stored. */
  load(): Promise<TokenStoreContent>
  /** Resolves when the sign-in is durable, so that a power cut cannot undo the save. */
  save(signIn: StoredSignIn): Promise<void>
}

/** The content of a token store. */
export type TokenStoreContent =
  | { readonly kind: 'stored'; readonly signIn: StoredSignIn }
  | { readonly kind: 'nothing' }
  /** The content is not a sign-in. */
  | { readonly kind: 'not-understood' }

/**
 * Returns the SHA-256 (hexadecimal) that identifies the configured refresh token in a stored sign-in, or null
 * if there is none.
 */
export function configuredSha256(refreshToken: string | undefined): string | null {
  return refreshToken === undefined ? null : hash('sha256', refreshToken, 'hex')
}

const format = 1

export function printSignIn(signIn: StoredSignIn): string {
  return `${JSON.stringify({ cdrstreamSignIn: format, ...signIn }, undefined, 2)}\n`
}

export function parseSignIn(text: string): StoredSignIn | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined
  const read = parsed as Readonly<Record<string, unknown>>
  const { configuredSha256, refreshToken, renewedAtMs } = read
  const isHash = configuredSha256 === null || typeof configuredSha256 === 'string'
  if (read.cdrstreamSignIn !== format || !isHash || typeof renewedAtMs !== 'number') return undefined
  if (typeof refreshToken !== 'string' || refreshToken === '') return undefined
  return {
    configuredSha256,
    refreshToken,
    refreshTokenEndsAtMs: timeOf(read.refreshTokenEndsAtMs),
    accessTokenEndsAtMs: timeOf(read.accessTokenEndsAtMs),
    renewedAtMs,
  }
}

function timeOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
