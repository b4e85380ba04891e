import type { Clock } from '@cdrstream/engine'
import { untilAborted } from '../until-aborted.ts'
import { endOf, type Received, RefreshTokenKeeper } from './refresh-token-keeper.ts'
import { refusal, type SignInRefusal } from './refusal.ts'
import { RenewalPace } from './renewal-pace.ts'
import { requestTokens, type TokenRequestTerms } from './request-tokens.ts'
import type { AccessTokenOutcome, SignIn, SignInEvent, SignInFailure, SignInState } from './sign-in.ts'
import {
  expiresSoonEvent,
  notStoredEvent,
  originEvent,
  otherStoredEvent,
  renewedEvent,
  troubleEvent,
  troubleOf,
} from './sign-in-events.ts'
import { type RenewingSignInOptions, tokenRequestTerms } from './sign-in-options.ts'
import { UntrustedFile } from './token-files.ts'

/**
 * A token is renewed when this fraction of its lifetime is left. For a lifetime of 14 days, 2.8 days are
 * enough time to fix a problem.
 */
const renewedAheadShare = 0.2
/** After the API has rejected this many consecutive new tokens, another new one does not help. */
const maxRefused = 2
/**
 * How long a login in another process may go unnoticed while the current token is valid. The login may be
 * another administrator's.
 */
const storeCheckMs = 60_000
const dayMs = 86_400_000
const expiryWarningMs = 14 * dayMs

/**
 * Returns a sign-in that renews its access token with a refresh token. It sends no request until a token is
 * requested, and has no timers. After a failure, the caller tries again when `retryAfterMs` has passed.
 * Throws a RangeError if secrets may not be sent to `tokenUrl`.
 */
export function createRenewingSignIn(options: RenewingSignInOptions): SignIn {
  return new RenewingSignIn(options)
}

interface CurrentToken {
  readonly token: string
  /**
   * When the token is renewed in the background, and when it is no longer used. Null: unknown, so the token
   * is used until it is refused.
   */
  readonly renewAtMs: number | null
  readonly endsAtMs: number | null
}

class RenewingSignIn implements SignIn {
  readonly #options: RenewingSignInOptions
  readonly #terms: TokenRequestTerms
  readonly #clock: Clock
  readonly #keeper: RefreshTokenKeeper
  readonly #pace: RenewalPace
  #loaded = false
  #current: CurrentToken | undefined
  /** The current operation. There is at most one at a time. */
  #work: Promise<AccessTokenOutcome> | undefined
  #storeCheckedMs = Number.NEGATIVE_INFINITY
  /**
   * Tokens that could not be stored yet. Until they are stored, the access token must not be used, because
   * using it could invalidate the stored refresh token.
   */
  #unsaved: Received | undefined
  #trouble: SignInRefusal | SignInFailure | undefined
  #refusedInARow = 0
  #expiryWarnedMs = Number.NEGATIVE_INFINITY

  constructor(options: RenewingSignInOptions) {
    this.#options = options
    this.#terms = tokenRequestTerms(options)
    this.#clock = options.clock
    this.#keeper = new RefreshTokenKeeper(options.store, options.refreshToken)
    this.#pace = new RenewalPace(options.clock, options.chance ?? (() => 1))
  }

  async accessToken(signal: AbortSignal): Promise<AccessTokenOutcome> {
    const current = this.#current
    const nowMs = this.#clock.nowMs()
    if (current === undefined || isPast(current.endsAtMs, nowMs)) return untilAborted(signal, this.#renew())
    this.#warnBeforeExpiry()
    if (isPast(current.renewAtMs, nowMs)) void this.#renew()
    else if (this.#work === undefined && nowMs - this.#storeCheckedMs >= storeCheckMs) {
      return untilAborted(
        signal,
        this.#exclusively(() => this.#checkStore(current)),
      )
    }
    return { kind: 'token', token: current.token }
  }

  accepted(token: string): void {
    if (token === this.#current?.token) this.#refusedInARow = 0
  }

  refused(token: string): SignInRefusal | undefined {
    // Only the first of several requests with the same token matters. For the others, a new token is already
    // available.
    if (token !== this.#current?.token) return undefined
    const { endsAtMs } = this.#current
    this.#current = undefined
    // The token expired while the request was in transit, which says nothing about new tokens.
    if (isPast(endsAtMs, this.#clock.nowMs())) return undefined
    this.#refusedInARow += 1
    if (this.#refusedInARow < maxRefused) return undefined
    const refused = refusal('new-access-token-refused', 401)
    this.#fail(refused)
    return refused
  }

  state(): SignInState {
    return {
      kind: 'renewing',
      accessTokenEndsAtMs: this.#current?.endsAtMs ?? null,
      refreshTokenEndsAtMs: this.#keeper.endsAtMs,
      renewedAtMs: this.#keeper.renewedAtMs,
      trouble: this.#trouble === undefined ? null : troubleOf(this.#trouble),
    }
  }

  async idle(): Promise<void> {
    await this.#work
  }

  #renew(): Promise<AccessTokenOutcome> {
    return this.#exclusively(() => this.#attempt())
  }

  /** Runs one operation at a time, whose outcome all callers share. Never rejects. */
  #exclusively(work: () => Promise<AccessTokenOutcome>): Promise<AccessTokenOutcome> {
    this.#work ??= this.#catchStoreError(work).finally(() => {
      this.#work = undefined
    })
    return this.#work
  }

  async #catchStoreError(work: () => Promise<AccessTokenOutcome>): Promise<AccessTokenOutcome> {
    try {
      return await work()
    } catch (error) {
      return this.#fail({
        kind: 'failed',
        reason: 'store',
        status: null,
        retryAfterMs: null,
        detail: storeDetail(error),
      })
    }
  }

  async #checkStore(current: CurrentToken): Promise<AccessTokenOutcome> {
    await this.#adoptStored()
    return this.#current === current ? { kind: 'token', token: current.token } : this.#attempt()
  }

  async #attempt(): Promise<AccessTokenOutcome> {
    if (this.#loaded) await this.#adoptStored()
    else await this.#load()
    if (this.#trouble !== undefined && this.#pace.waitMs() > 0) return this.#stillWaiting(this.#trouble)
    if (this.#unsaved !== undefined) {
      const outcome = await this.#storeAndUse(this.#unsaved)
      if (!isPast(this.#current?.endsAtMs ?? null, this.#clock.nowMs())) return outcome
    }
    const sentAtMs = this.#clock.nowMs()
    const outcome = await this.#request()
    return outcome.kind === 'issued' ? this.#storeAndUse({ issued: outcome, sentAtMs }) : this.#fail(outcome)
  }

  async #load(): Promise<void> {
    this.#storeCheckedMs = this.#clock.nowMs()
    const event = originEvent(await this.#keeper.load())
    if (event !== undefined) this.#emit(event)
    this.#loaded = true
    this.#warnBeforeExpiry()
  }

  /** The token that a login has stored replaces everything in memory, and must not be overwritten. */
  async #adoptStored(): Promise<void> {
    this.#storeCheckedMs = this.#clock.nowMs()
    // If the store cannot be read, keep using the current token.
    if (!(await this.#keeper.adoptStored().catch(() => false))) return
    this.#current = undefined
    this.#unsaved = undefined
    this.#trouble = undefined
    this.#pace.reset()
    this.#emit(otherStoredEvent())
  }

  async #request() {
    const { clientId, clientSecret } = this.#options
    const { refreshToken } = this.#keeper
    if (refreshToken === undefined) return refusal('refresh-token-missing', null)
    const client_secret = clientSecret.reveal()
    return requestTokens(
      {
        fields: {
          grant_type: 'refresh_token',
          client_id: clientId,
          client_secret,
          refresh_token: refreshToken,
        },
        secrets: [client_secret, refreshToken, this.#current?.token ?? ''],
        grantRefusal: 'refresh-token-refused',
      },
      this.#terms,
      // The caller may give up, but a refresh token that arrives later must still be stored.
      new AbortController().signal,
    )
  }

  /**
   * Stores the refresh token first, because the access token may be used only after the refresh token is
   * durable.
   */
  async #storeAndUse(received: Received): Promise<AccessTokenOutcome> {
    const before = this.#keeper.refreshToken
    this.#unsaved = received
    const saved = await this.#keeper.keep(received)
    this.#unsaved = undefined
    const { issued, sentAtMs } = received
    const { accessToken: token, accessLifeMs: lifeMs } = issued
    const endsAtMs = endOf(sentAtMs, lifeMs)
    this.#current = {
      token,
      renewAtMs: endOf(sentAtMs, lifeMs === null ? null : lifeMs * (1 - renewedAheadShare)),
      endsAtMs,
    }
    this.#trouble = undefined
    this.#pace.reset()
    if (!saved) this.#emit(notStoredEvent())
    this.#emit(renewedEvent(this.#keeper.refreshToken !== before, endsAtMs))
    this.#warnBeforeExpiry()
    return { kind: 'token', token }
  }

  #fail<Trouble extends SignInRefusal | SignInFailure>(trouble: Trouble): AccessTokenOutcome {
    const isNews = this.#trouble === undefined || troubleOf(this.#trouble).code !== troubleOf(trouble).code
    this.#trouble = trouble
    if (trouble.kind === 'refused') this.#pace.refused()
    else this.#pace.failed(trouble.retryAfterMs)
    if (isNews) this.#emit(troubleEvent(trouble))
    return this.#stillWaiting(trouble)
  }

  #stillWaiting(trouble: SignInRefusal | SignInFailure): AccessTokenOutcome {
    return trouble.kind === 'refused' ? trouble : { ...trouble, retryAfterMs: this.#pace.waitMs() }
  }

  #warnBeforeExpiry(): void {
    const nowMs = this.#clock.nowMs()
    const { endsAtMs } = this.#keeper
    if (endsAtMs === null || endsAtMs - nowMs >= expiryWarningMs || nowMs - this.#expiryWarnedMs < dayMs)
      return
    this.#expiryWarnedMs = nowMs
    this.#emit(expiresSoonEvent(endsAtMs, nowMs))
  }

  #emit(event: SignInEvent): void {
    this.#options.onEvent?.(event)
  }
}

/** Returns a description of a store error. Includes only parts that cannot contain a secret. */
function storeDetail(error: unknown): string {
  if (error instanceof UntrustedFile) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = /^E[A-Z]{2,20}$/.test(code) ? ` (${code})` : ''
  return `the refresh token could not be stored or read${known}`
}

function isPast(timeMs: number | null, nowMs: number): boolean {
  return timeMs !== null && nowMs >= timeMs
}
