import { hash } from 'node:crypto'

/**
 * What outlives the process of a sign-in. One secret is in it, the refresh token; access tokens are never
 * stored.
 */
export interface StoredSignIn {
  /**
   * SHA-256, in hexadecimal, of the configured refresh token that this one came from; null: of a login, with
   * none configured. If another one is configured by now, that one wins.
   */
  readonly configuredSha256: string | null
  readonly refreshToken: string
  /** Times in milliseconds since 1970; null: not known. */
  readonly refreshTokenEndsAtMs: number | null
  readonly accessTokenEndsAtMs: number | null
  readonly renewedAtMs: number
}

/** Where it is kept. Both may reject: the sign-in then waits, and tries again. */
export interface TokenStore {
  load(): Promise<TokenStoreContent>
  /** Resolves when it is durable: a power cut a moment later does not undo it. */
  save(signIn: StoredSignIn): Promise<void>
}

/** What a token store has. */
export type TokenStoreContent =
  | { readonly kind: 'stored'; readonly signIn: StoredSignIn }
  | { readonly kind: 'nothing' }
  /** There is something, and it is no sign-in. */
  | { readonly kind: 'not-understood' }

/**
 * Returns the hash, in hexadecimal, by which a stored sign-in names the configured refresh token; null
 * without one.
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
