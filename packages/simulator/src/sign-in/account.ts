import { hash } from 'node:crypto'
import type { Chance } from '../chance.ts'
import type { SignInBehaviour, SimulatedSignIn } from './sign-in-options.ts'

/** The tokens that the token endpoint returns. */
export interface Grant {
  readonly accessToken: string
  /** Null if the response omits it. */
  readonly refreshToken: string | null
}

interface IssuedAccess {
  readonly expiresAtMs: number
  /**
   * The refresh token issued with the access token. The access token's first use invalidates earlier refresh
   * tokens.
   */
  readonly refreshToken: string
  used: boolean
}

interface AuthorizationCode {
  readonly challenge: string | null
  readonly redirectUri: string
  readonly expiresAtMs: number
}

const codeMs = 300_000

/** The valid tokens of one org. */
export class Account {
  readonly client: Pick<SimulatedSignIn, 'clientId' | 'clientSecret'>
  readonly #behaviour: SignInBehaviour
  readonly #chance: Chance
  readonly #access = new Map<string, IssuedAccess>()
  /** When each refresh token expires, in the order in which they were issued. */
  readonly #refresh = new Map<string, number>()
  readonly #codes = new Map<string, AuthorizationCode>()

  constructor(signIn: SimulatedSignIn, behaviour: SignInBehaviour, chance: Chance, nowMs: number) {
    this.client = signIn
    this.#behaviour = behaviour
    this.#chance = chance
    this.#refresh.set(signIn.refreshToken, nowMs + behaviour.refreshTokenMs)
  }

  /**
   * Returns whether the access token is valid. Its first use invalidates earlier refresh tokens if rotation
   * is `honoured`.
   */
  accepts(accessToken: string, nowMs: number): boolean {
    const access = this.#access.get(accessToken)
    if (access === undefined || nowMs >= access.expiresAtMs) return false
    if (!access.used && this.#behaviour.rotation === 'honoured') this.#endBefore(access.refreshToken)
    access.used = true
    return true
  }

  /** Returns new tokens, or undefined if the refresh token is not valid. */
  refresh(refreshToken: string, nowMs: number): Grant | undefined {
    const expiresAtMs = this.#refresh.get(refreshToken)
    if (expiresAtMs === undefined || nowMs >= expiresAtMs) return undefined
    if (this.#behaviour.rotation !== 'honoured') this.#refresh.delete(refreshToken)
    return this.#issue(
      this.#behaviour.rotation === 'off' ? refreshToken : this.#newToken('R'),
      refreshToken,
      nowMs,
    )
  }

  /**
   * Returns new tokens, or undefined if the code is invalid or belongs to another sign-in. A code can be
   * tried only once.
   */
  exchange(code: string, verifier: string, redirectUri: string, nowMs: number): Grant | undefined {
    const known = this.#codes.get(code)
    this.#codes.delete(code)
    if (known === undefined || nowMs >= known.expiresAtMs || known.redirectUri !== redirectUri)
      return undefined
    if (known.challenge !== null && known.challenge !== hash('sha256', verifier, 'base64url'))
      return undefined
    return this.#issue(this.#newToken('R'), null, nowMs)
  }

  /** Returns a new authorization code. */
  authorize(challenge: string | null, redirectUri: string, nowMs: number): string {
    const code = this.#newToken('C')
    this.#codes.set(code, { challenge, redirectUri, expiresAtMs: nowMs + codeMs })
    return code
  }

  /** Returns whether this refresh token or code belongs to this account and has not been invalidated. */
  knows(token: string): boolean {
    return this.#refresh.has(token) || this.#codes.has(token)
  }

  endAccessTokens(): void {
    this.#access.clear()
  }

  revoke(): void {
    this.#access.clear()
    this.#refresh.clear()
  }

  #endBefore(refreshToken: string): void {
    if (!this.#refresh.has(refreshToken)) return
    for (const token of [...this.#refresh.keys()]) {
      if (token === refreshToken) return
      this.#refresh.delete(token)
    }
  }

  #issue(refreshToken: string, sent: string | null, nowMs: number): Grant {
    const { accessTokenMs, refreshTokenMs, repeatsRefreshToken } = this.#behaviour
    const accessToken = this.#newToken('A')
    this.#access.set(accessToken, { expiresAtMs: nowMs + accessTokenMs, refreshToken, used: false })
    this.#refresh.set(refreshToken, nowMs + refreshTokenMs)
    return { accessToken, refreshToken: refreshToken === sent && !repeatsRefreshToken ? null : refreshToken }
  }

  #newToken(kind: 'A' | 'R' | 'C'): string {
    return `SIM${kind}_${this.#chance.hex(32)}`
  }
}
