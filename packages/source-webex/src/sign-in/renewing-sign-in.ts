import type { Clock } from '@cdrstream/engine'
import { untilAborted } from '../until-aborted.ts'
import { endOf, type Received, RefreshTokenKeeper } from './refresh-token-keeper.ts'
import { refusal, type SignInRefusal } from './refusal.ts'
import { RenewalPace } from './renewal-pace.ts'
import { requestTokens, type TokenRequestTerms } from './request-tokens.ts'
import type { AccessTokenOutcome, SignIn, SignInEvent, SignInFailure, SignInState } from './sign-in.ts'
import {
  endsSoonEvent,
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
 * A token is renewed when this share of its life is left: 2.8 days of 14 are time enough to fix what stands
 * in the way.
 */
const renewedAheadShare = 0.2
/** After so many new tokens in a row that the API did not take, a newer one is not the remedy. */
const mostRefused = 2
/**
 * How long a login of another process may go unnoticed while the token at hand is good: it may be another
 * administrator's.
 */
const lookEveryMs = 60_000
const dayMs = 86_400_000
const endsSoonMs = 14 * dayMs

/**
 * A sign-in that renews its access token with a refresh token. Makes no request until a token is asked for,
 * and has no timers: who asks for a token and gets a failure comes again when `retryAfterMs` is over. Throws
 * RangeError if secrets may not go to `tokenUrl`.
 */
export function createRenewingSignIn(options: RenewingSignInOptions): SignIn {
  return new RenewingSignIn(options)
}

interface CurrentToken {
  readonly token: string
  /**
   * When it is renewed in the background, and when it is not used any more; null: not known, so it is used
   * until it is refused.
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
  /** What is under way: one at a time. */
  #work: Promise<AccessTokenOutcome> | undefined
  #lookedMs = Number.NEGATIVE_INFINITY
  /**
   * What the store did not take. Its access token must not be used before: that could end the refresh token
   * that is stored.
   */
  #unsaved: Received | undefined
  #trouble: SignInRefusal | SignInFailure | undefined
  #refusedInARow = 0
  #saidEndsSoonMs = Number.NEGATIVE_INFINITY

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
    this.#sayEndsSoon()
    if (isPast(current.renewAtMs, nowMs)) void this.#renew()
    else if (this.#work === undefined && nowMs - this.#lookedMs >= lookEveryMs) {
      return untilAborted(
        signal,
        this.#alone(() => this.#look(current)),
      )
    }
    return { kind: 'token', token: current.token }
  }

  accepted(token: string): void {
    if (token === this.#current?.token) this.#refusedInARow = 0
  }

  refused(token: string): SignInRefusal | undefined {
    // The first of many requests at once with the same token tells; the others come when its successor is at
    // hand.
    if (token !== this.#current?.token) return undefined
    const { endsAtMs } = this.#current
    this.#current = undefined
    // It ended while the request was on its way: that says nothing of new ones.
    if (isPast(endsAtMs, this.#clock.nowMs())) return undefined
    this.#refusedInARow += 1
    if (this.#refusedInARow < mostRefused) return undefined
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
    return this.#alone(() => this.#attempt())
  }

  /** One at a time, for all that wait. Never rejects. */
  #alone(work: () => Promise<AccessTokenOutcome>): Promise<AccessTokenOutcome> {
    this.#work ??= this.#withoutFault(work).finally(() => {
      this.#work = undefined
    })
    return this.#work
  }

  async #withoutFault(work: () => Promise<AccessTokenOutcome>): Promise<AccessTokenOutcome> {
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

  async #look(current: CurrentToken): Promise<AccessTokenOutcome> {
    await this.#adoptStored()
    return this.#current === current ? { kind: 'token', token: current.token } : this.#attempt()
  }

  async #attempt(): Promise<AccessTokenOutcome> {
    if (this.#loaded) await this.#adoptStored()
    else await this.#load()
    if (this.#trouble !== undefined && this.#pace.waitMs() > 0) return this.#stillWaiting(this.#trouble)
    if (this.#unsaved !== undefined) {
      const taken = await this.#take(this.#unsaved)
      if (!isPast(this.#current?.endsAtMs ?? null, this.#clock.nowMs())) return taken
    }
    const sentAtMs = this.#clock.nowMs()
    const outcome = await this.#request()
    return outcome.kind === 'issued' ? this.#take({ issued: outcome, sentAtMs }) : this.#fail(outcome)
  }

  async #load(): Promise<void> {
    this.#lookedMs = this.#clock.nowMs()
    const event = originEvent(await this.#keeper.load())
    if (event !== undefined) this.#say(event)
    this.#loaded = true
    this.#sayEndsSoon()
  }

  /** What a login has stored is better than all that is at hand, and not to be overwritten. */
  async #adoptStored(): Promise<void> {
    this.#lookedMs = this.#clock.nowMs()
    // Where the store does not answer, there is no better one.
    if (!(await this.#keeper.adoptStored().catch(() => false))) return
    this.#current = undefined
    this.#unsaved = undefined
    this.#trouble = undefined
    this.#pace.reset()
    this.#say(otherStoredEvent())
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
      // Whoever waits may go away; a refresh token that is given meanwhile is kept all the same.
      new AbortController().signal,
    )
  }

  /** The refresh token first: only when it is durable may the access token be used. */
  async #take(received: Received): Promise<AccessTokenOutcome> {
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
    if (!saved) this.#say(notStoredEvent())
    this.#say(renewedEvent(this.#keeper.refreshToken !== before, endsAtMs))
    this.#sayEndsSoon()
    return { kind: 'token', token }
  }

  #fail<Trouble extends SignInRefusal | SignInFailure>(trouble: Trouble): AccessTokenOutcome {
    const isNews = this.#trouble === undefined || troubleOf(this.#trouble).code !== troubleOf(trouble).code
    this.#trouble = trouble
    if (trouble.kind === 'refused') this.#pace.refused()
    else this.#pace.failed(trouble.retryAfterMs)
    if (isNews) this.#say(troubleEvent(trouble))
    return this.#stillWaiting(trouble)
  }

  #stillWaiting(trouble: SignInRefusal | SignInFailure): AccessTokenOutcome {
    return trouble.kind === 'refused' ? trouble : { ...trouble, retryAfterMs: this.#pace.waitMs() }
  }

  #sayEndsSoon(): void {
    const nowMs = this.#clock.nowMs()
    const { endsAtMs } = this.#keeper
    if (endsAtMs === null || endsAtMs - nowMs >= endsSoonMs || nowMs - this.#saidEndsSoonMs < dayMs) return
    this.#saidEndsSoonMs = nowMs
    this.#say(endsSoonEvent(endsAtMs, nowMs))
  }

  #say(event: SignInEvent): void {
    this.#options.onEvent?.(event)
  }
}

/** What was thrown is the store's: only what is known to hold no secret is passed on. */
function storeDetail(error: unknown): string {
  if (error instanceof UntrustedFile) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = /^E[A-Z]{2,20}$/.test(code) ? ` (${code})` : ''
  return `the refresh token cannot be stored, or read${known}`
}

function isPast(timeMs: number | null, nowMs: number): boolean {
  return timeMs !== null && nowMs >= timeMs
}
