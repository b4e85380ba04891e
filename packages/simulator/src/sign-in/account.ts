import { hash } from 'node:crypto'
import type { Chance } from '../chance.ts'
import type { SignInBehaviour, SimulatedSignIn } from './sign-in-options.ts'

export interface Grant {
  readonly accessToken: string
  /** Null: the answer does not name it. */
  readonly refreshToken: string | null
}

interface IssuedAccess {
  readonly endsAtMs: number
  /** What it came with: its first use ends those that were given before. */
  readonly refreshToken: string
  used: boolean
}

interface AuthorizationCode {
  readonly challenge: string | null
  readonly redirectUri: string
  readonly endsAtMs: number
}

const codeMs = 300_000

/** The tokens of one org: those that are valid, and no others. */
export class Account {
  readonly client: Pick<SimulatedSignIn, 'clientId' | 'clientSecret'>
  readonly #behaviour: SignInBehaviour
  readonly #chance: Chance
  readonly #access = new Map<string, IssuedAccess>()
  /** When each ends; in the order in which they were given. */
  readonly #refresh = new Map<string, number>()
  readonly #codes = new Map<string, AuthorizationCode>()

  constructor(signIn: SimulatedSignIn, behaviour: SignInBehaviour, chance: Chance, nowMs: number) {
    this.client = signIn
    this.#behaviour = behaviour
    this.#chance = chance
    this.#refresh.set(signIn.refreshToken, nowMs + behaviour.refreshTokenMs)
  }

  /** Whether the API takes this token. With its first use, the refresh tokens from before it end. */
  takes(accessToken: string, nowMs: number): boolean {
    const access = this.#access.get(accessToken)
    if (access === undefined || nowMs >= access.endsAtMs) return false
    if (!access.used && this.#behaviour.rotation === 'honoured') this.#endBefore(access.refreshToken)
    access.used = true
    return true
  }

  /** Undefined: it is not, or no longer, valid. */
  refresh(refreshToken: string, nowMs: number): Grant | undefined {
    const endsAtMs = this.#refresh.get(refreshToken)
    if (endsAtMs === undefined || nowMs >= endsAtMs) return undefined
    if (this.#behaviour.rotation !== 'honoured') this.#refresh.delete(refreshToken)
    return this.#issue(
      this.#behaviour.rotation === 'off' ? refreshToken : this.#newToken('R'),
      refreshToken,
      nowMs,
    )
  }

  /** Undefined: the code is not valid, or is another sign-in's. It can be tried once. */
  exchange(code: string, verifier: string, redirectUri: string, nowMs: number): Grant | undefined {
    const known = this.#codes.get(code)
    this.#codes.delete(code)
    if (known === undefined || nowMs >= known.endsAtMs || known.redirectUri !== redirectUri) return undefined
    if (known.challenge !== null && known.challenge !== hash('sha256', verifier, 'base64url'))
      return undefined
    return this.#issue(this.#newToken('R'), null, nowMs)
  }

  authorize(challenge: string | null, redirectUri: string, nowMs: number): string {
    const code = this.#newToken('C')
    this.#codes.set(code, { challenge, redirectUri, endsAtMs: nowMs + codeMs })
    return code
  }

  /** Whether this refresh token or code is of this account, and was not ended yet. */
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
    this.#access.set(accessToken, { endsAtMs: nowMs + accessTokenMs, refreshToken, used: false })
    this.#refresh.set(refreshToken, nowMs + refreshTokenMs)
    return { accessToken, refreshToken: refreshToken === sent && !repeatsRefreshToken ? null : refreshToken }
  }

  #newToken(kind: 'A' | 'R' | 'C'): string {
    return `SIM${kind}_${this.#chance.hex(32)}`
  }
}
