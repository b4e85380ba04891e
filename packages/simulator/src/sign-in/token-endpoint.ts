import {
  errorAnswer,
  limitedAnswer,
  type SimulatedResponse,
  type Stamp,
  serverErrorAnswer,
} from '../answers.ts'
import type { Chance } from '../chance.ts'
import { FaultPlan } from '../fault-plan.ts'
import { Account, type Grant } from './account.ts'
import type {
  SignInBehaviour,
  SignInFault,
  SignInFaultShares,
  SignInRefusal,
  SimulatedSignIn,
} from './sign-in-options.ts'
import { grantAnswer, oauthError } from './token-answers.ts'

/** A request for tokens. */
export interface TokenRequestEntry {
  /** When the request arrived by the simulator's clock, in milliseconds since 1970, UTC. */
  readonly atMs: number
  /** Null if the client or the token belongs to no org. */
  readonly org: string | null
  readonly grant: 'refresh_token' | 'authorization_code' | 'other'
  /** The response status, or 500 if there was no response. */
  readonly status: number
  /** How many requests with this grant and for this org were in progress, including this one. */
  readonly atOnce: number
}

interface AccountOfOrg {
  readonly org: string
  readonly account: Account
  refusal: SignInRefusal
}

type TokenRequest = Pick<TokenRequestEntry, 'org' | 'grant'>

/** The token endpoint, which keeps track of how each org signs in and which access tokens are valid. */
export class TokenEndpoint {
  readonly faults: FaultPlan<SignInFault>
  readonly #behaviour: SignInBehaviour
  readonly #chance: Chance
  readonly #accounts: AccountOfOrg[] = []
  readonly #inProgress: TokenRequest[] = []

  readonly #onRequest: (request: TokenRequestEntry) => void

  constructor(
    behaviour: SignInBehaviour,
    faults: SignInFaultShares,
    chance: Chance,
    onRequest: (request: TokenRequestEntry) => void,
  ) {
    this.#onRequest = onRequest
    this.#behaviour = behaviour
    this.#chance = chance
    this.faults = new FaultPlan(faults, chance)
  }

  add(org: string, signIn: SimulatedSignIn, nowMs: number): void {
    const account = new Account(signIn, this.#behaviour, this.#chance, nowMs)
    this.#accounts.push({ org, account, refusal: 'none' })
  }

  /** Returns the org that this access token belongs to, or undefined if it is not valid. */
  orgOf(accessToken: string, nowMs: number): string | undefined {
    return this.#accounts.find(({ account }) => account.accepts(accessToken, nowMs))?.org
  }

  /** Returns the account of an org. Throws a RangeError if the org does not sign in. */
  account(org: string): AccountOfOrg {
    const found = this.#accounts.find((candidate) => candidate.org === org)
    if (found === undefined) throw new RangeError(`the org "${org}" does not sign in`)
    return found
  }

  /** Acts as a user who signs in and consents. Answers with a 302 to the redirect URI, with a code. */
  authorize(search: string, stamp: Stamp, nowMs: number): SimulatedResponse {
    const query = new URLSearchParams(search)
    const found = this.#accounts.find(({ account }) => account.client.clientId === query.get('client_id'))
    const redirect = URL.parse(query.get('redirect_uri') ?? '')
    if (found === undefined || redirect === null || query.get('response_type') !== 'code') {
      return errorAnswer(400, 'invalid_request', stamp)
    }
    const challenge = query.get('code_challenge_method') === 'S256' ? query.get('code_challenge') : null
    const code = found.account.authorize(challenge, query.get('redirect_uri') ?? '', nowMs)
    redirect.searchParams.set('code', code)
    redirect.searchParams.set('state', query.get('state') ?? '')
    const headers = { ...stamp, location: redirect.href }
    return { status: 302, headers, body: '', delivered: () => {} }
  }

  handle(body: string, stamp: Stamp, nowMs: number): SimulatedResponse {
    const form = new URLSearchParams(body)
    const grant = grantOf(form)
    const found = this.#accountOf(form)
    const request: TokenRequest = { org: found?.org ?? null, grant }
    this.#inProgress.push(request)
    const atOnce = this.#inProgress.filter(
      (other) => other.org === request.org && other.grant === grant,
    ).length
    const answer = this.#answer(form, found, stamp, nowMs)
    this.#onRequest({ atMs: nowMs, ...request, status: answer.status, atOnce })
    const end = () => {
      const at = this.#inProgress.indexOf(request)
      if (at !== -1) this.#inProgress.splice(at, 1)
    }
    return { ...answer, ended: end }
  }

  #answer(
    form: URLSearchParams,
    found: AccountOfOrg | undefined,
    stamp: Stamp,
    nowMs: number,
  ): SimulatedResponse {
    const fault = this.faults.draw(nowMs)
    switch (fault) {
      case 'server-error':
        return serverErrorAnswer(this.#chance.oneOf([500, 502, 503, 504] as const), stamp)
      case 'limited':
        return limitedAnswer(this.#chance.integer(1, 30), stamp)
      case 'hang':
      case 'drop':
        return { ...errorAnswer(500, '', stamp), fault }
      case 'html':
        return { ...grantAnswer('<html><body>Sign in to the network</body></html>', stamp) }
      case 'huge':
        return grantAnswer(`{"access_token":"${'x'.repeat(4_000_000)}"}`, stamp)
      case 'incomplete':
        return grantAnswer(this.#chance.oneOf(['{}', '[]', 'null', '', '{"access_token":1}']), stamp)
    }
    const answer = this.#grant(form, found, stamp, nowMs)
    switch (fault) {
      case 'lost':
        return { ...answer, fault: 'drop' }
      case 'cut':
      case 'slow':
        return { ...answer, fault }
      case undefined:
        return answer
    }
  }

  #grant(
    form: URLSearchParams,
    found: AccountOfOrg | undefined,
    stamp: Stamp,
    nowMs: number,
  ): SimulatedResponse {
    if (found === undefined || found.refusal === 'client') return oauthError(401, 'invalid_client', stamp)
    if (found.refusal === 'authorization') return oauthError(403, undefined, stamp)
    if (found.refusal === 'grant') return oauthError(400, 'invalid_grant', stamp)
    const grant = this.#grantFrom(form, found.account, nowMs)
    if (grant === 'unsupported') return oauthError(400, 'unsupported_grant_type', stamp)
    return grant === undefined
      ? oauthError(400, 'invalid_grant', stamp)
      : grantAnswer(JSON.stringify(this.#fieldsOf(grant)), stamp)
  }

  #grantFrom(form: URLSearchParams, account: Account, nowMs: number): Grant | undefined | 'unsupported' {
    const field = (name: string) => form.get(name) ?? ''
    switch (grantOf(form)) {
      case 'refresh_token':
        return account.refresh(field('refresh_token'), nowMs)
      case 'authorization_code':
        return account.exchange(field('code'), field('code_verifier'), field('redirect_uri'), nowMs)
      case 'other':
        return 'unsupported'
    }
  }

  #fieldsOf({ accessToken, refreshToken }: Grant): object {
    const { accessTokenMs, refreshTokenMs, scope, lives } = this.#behaviour
    const life = (ms: number) => {
      switch (lives) {
        case 'seconds':
          return ms / 1_000
        case 'text':
          return String(ms / 1_000)
        case 'absent':
          return undefined
        case 'absurd':
          return this.#chance.oneOf([0, -1, 1e300, 'soon', null, [], true])
      }
    }
    return {
      access_token: accessToken,
      expires_in: life(accessTokenMs),
      ...(refreshToken === null
        ? {}
        : { refresh_token: refreshToken, refresh_token_expires_in: life(refreshTokenMs) }),
      token_type: 'Bearer',
      ...(scope === null ? {} : { scope }),
    }
  }

  /** One client can act for several orgs. The token then determines the org. */
  #accountOf(form: URLSearchParams): AccountOfOrg | undefined {
    const own = this.#accounts.filter(
      ({ account: { client } }) =>
        client.clientId === form.get('client_id') && client.clientSecret === form.get('client_secret'),
    )
    const token = form.get('refresh_token') ?? form.get('code') ?? ''
    return own.find(({ account }) => account.knows(token)) ?? own[0]
  }
}

function grantOf(form: URLSearchParams): TokenRequestEntry['grant'] {
  const grant = form.get('grant_type')
  return grant === 'refresh_token' || grant === 'authorization_code' ? grant : 'other'
}
