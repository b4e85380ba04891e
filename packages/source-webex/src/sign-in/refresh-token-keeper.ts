import type { IssuedTokens } from './classify-token-answer.ts'
import type { SecretText } from './sign-in.ts'
import { configuredSha256, type StoredSignIn, type TokenStore } from './token-store.ts'

/**
 * What the token endpoint issued, and when it was requested. Lifetimes count from the request, so that they
 * are never overestimated.
 */
export interface Received {
  readonly issued: IssuedTokens
  readonly sentAtMs: number
}

/**
 * Where the refresh token came from. `changed`: the stored token was obtained with a different configured
 * token.
 */
export type TokenOrigin = 'configured' | 'stored' | 'changed' | 'not-understood'

/**
 * Keeps the current refresh token: the stored token if it was obtained with the configured one, otherwise the
 * configured token.
 */
export class RefreshTokenKeeper {
  readonly #store: TokenStore
  readonly #configured: SecretText | undefined
  #refreshToken: string | undefined
  #endsAtMs: number | null = null
  #renewedAtMs: number | null = null

  constructor(store: TokenStore, configured: SecretText | undefined) {
    this.#store = store
    this.#configured = configured
  }

  /** Undefined if the token is not loaded yet or there is none. */
  get refreshToken(): string | undefined {
    return this.#refreshToken
  }

  get endsAtMs(): number | null {
    return this.#endsAtMs
  }

  get renewedAtMs(): number | null {
    return this.#renewedAtMs
  }

  /**
   * Loads the stored token. Rejects if the store rejects, because falling back to the configured token could
   * ignore a newer one.
   */
  async load(): Promise<TokenOrigin> {
    const content = await this.#store.load()
    const configured = this.#configured?.reveal()
    if (content.kind === 'stored' && this.#isOurs(content.signIn)) {
      this.#remember(content.signIn)
      return 'stored'
    }
    if (this.#refreshToken !== configured) {
      this.#refreshToken = configured
      this.#endsAtMs = null
    }
    switch (content.kind) {
      case 'nothing':
        return 'configured'
      case 'stored':
        return 'changed'
      case 'not-understood':
        return 'not-understood'
    }
  }

  /**
   * Switches to the refresh token that a login in another process has stored since, and returns whether there
   * was one. Rejects if the store rejects.
   */
  async adoptStored(): Promise<boolean> {
    const content = await this.#store.load()
    if (content.kind !== 'stored' || !this.#isOurs(content.signIn)) return false
    if (content.signIn.refreshToken === this.#refreshToken) return false
    this.#remember(content.signIn)
    return true
  }

  /**
   * Makes the received tokens durable. Rejects if a new refresh token cannot be stored. Returns false if an
   * unchanged one cannot be stored, because only its times would be lost.
   */
  async keep({ issued, sentAtMs }: Received): Promise<boolean> {
    const before = this.#refreshToken ?? ''
    const refreshToken = issued.refreshToken ?? before
    const isNew = refreshToken !== before
    const signIn: StoredSignIn = {
      configuredSha256: configuredSha256(this.#configured?.reveal()),
      refreshToken,
      refreshTokenEndsAtMs: endOf(sentAtMs, issued.refreshLifeMs) ?? (isNew ? null : this.#endsAtMs),
      accessTokenEndsAtMs: endOf(sentAtMs, issued.accessLifeMs),
      renewedAtMs: sentAtMs,
    }
    let saved = true
    try {
      await this.#store.save(signIn)
    } catch (cause) {
      if (isNew) throw cause
      saved = false
    }
    this.#remember(signIn)
    return saved
  }

  #isOurs(signIn: StoredSignIn): boolean {
    return signIn.configuredSha256 === configuredSha256(this.#configured?.reveal())
  }

  #remember({ refreshToken, refreshTokenEndsAtMs, renewedAtMs }: StoredSignIn): void {
    this.#refreshToken = refreshToken
    this.#endsAtMs = refreshTokenEndsAtMs
    this.#renewedAtMs = renewedAtMs
  }
}

export function endOf(sentAtMs: number, lifeMs: number | null): number | null {
  return lifeMs === null ? null : sentAtMs + lifeMs
}
