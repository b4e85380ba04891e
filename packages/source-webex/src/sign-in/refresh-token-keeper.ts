import type { IssuedTokens } from './classify-token-answer.ts'
import type { SecretText } from './sign-in.ts'
import { configuredSha256, type StoredSignIn, type TokenStore } from './token-store.ts'

/** What a token address gave, and when it was asked: the lives count from then, to be on the safe side. */
export interface Received {
  readonly issued: IssuedTokens
  readonly sentAtMs: number
}

/**
 * Where the refresh token came from: `changed` is a configured one that is not the one that the stored token
 * came from.
 */
export type TokenOrigin = 'configured' | 'stored' | 'changed' | 'not-understood'

/**
 * The refresh token that is durable: the stored one if it came from the configured one, else the configured
 * one.
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

  /** Undefined: not loaded yet, or there is none. */
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
   * Rejects where the store does: what it would have said may matter, so the configured token is no
   * substitute.
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
   * Whether another process, a login, has stored another one since: then that is ours now. Rejects where the
   * store does.
   */
  async adoptStored(): Promise<boolean> {
    const content = await this.#store.load()
    if (content.kind !== 'stored' || !this.#isOurs(content.signIn)) return false
    if (content.signIn.refreshToken === this.#refreshToken) return false
    this.#remember(content.signIn)
    return true
  }

  /**
   * Makes what was received durable. Rejects if the store does not take a refresh token that is new. Of one
   * that stays the same only its times would be lost: then false.
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
