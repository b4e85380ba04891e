import { answerQuery, streamPath } from './answer-query.ts'
import {
  errorAnswer,
  limitedAnswer,
  type SimulatedResponse,
  type Stamp,
  serverErrorAnswer,
  unknownPathAnswer,
} from './answers.ts'
import { type Chance, chanceOf } from './chance.ts'
import { FaultPlan } from './fault-plan.ts'
import type { Fault } from './faults.ts'
import { LedgerBook } from './ledger-book.ts'
import { Limits } from './limits.ts'
import { findRateViolations, type RateViolation } from './rate-violations.ts'
import { isLinkQuery } from './read-query.ts'
import { refusalAnswer, regionAnswer, unauthorizedAnswer } from './refusal-answer.ts'
import { type SignInFault, type SignInRefusal, usualSignIn } from './sign-in/sign-in-options.ts'
import { TokenEndpoint } from './sign-in/token-endpoint.ts'
import type { SimulatedRequest, Simulator } from './simulator.ts'
import {
  type Behaviour,
  type RefusalReason,
  type SimulatorClock,
  type SimulatorOptions,
  usualBehaviour,
  usualMix,
} from './simulator-options.ts'
import type { Tenant } from './tenant.ts'
import { documentedTerms, type SimulatorTerms } from './terms.ts'
import { TextCache } from './text-cache.ts'
import { TimeLine } from './time-line.ts'
import type { UnservedSpan } from './unserved-spans.ts'

/** Returns a simulator. Throws a RangeError if two orgs have the same name or token. */
export function createSimulator(options: SimulatorOptions): Simulator {
  return new WebexSimulator(options)
}

const tokenPath = '/v1/access_token'
const authorizePath = '/v1/authorize'
const ciscoBase = 'https://analytics-calling.webexapis.com'

class WebexSimulator implements Simulator {
  readonly terms: SimulatorTerms
  readonly ledger = new LedgerBook()
  readonly #clock: SimulatorClock
  readonly #behaviour: Behaviour
  readonly #chance: Chance
  readonly #faults: FaultPlan<Fault>
  readonly #limits: Limits
  readonly #tenants: readonly Tenant[]
  readonly #tokens: TokenEndpoint

  constructor(options: SimulatorOptions) {
    const { seed, clock, faults = {}, textCacheBytes = 200_000_000 } = options
    this.terms = options.terms ?? documentedTerms
    this.#clock = clock
    this.#behaviour = { ...usualBehaviour, ...options.behaviour }
    this.#chance = chanceOf(seed, 'answers')
    this.#faults = new FaultPlan(faults, this.#chance)
    this.#limits = new Limits(this.terms, this.#behaviour.rateLimit)
    const shared = {
      seed,
      sinceMs: options.sinceMs ?? clock.nowMs(),
      settleMs: this.terms.settleMs,
      retentionMs: this.terms.retentionMs,
      mix: { ...usualMix, ...options.mix },
      ledger: this.ledger,
      cache: new TextCache(textCacheBytes),
    }
    this.#tokens = new TokenEndpoint(
      { ...usualSignIn, ...options.signIn },
      options.signInFaults ?? {},
      chanceOf(seed, 'tokens'),
      (request) => this.ledger.addTokenRequest(request),
    )
    this.#tenants = options.orgs.map((org) => ({
      name: org.name,
      timeLine: new TimeLine({ org, ...shared }),
      credential: org.credential ?? ('signIn' in org ? org.name : null),
      token: 'signIn' in org ? null : org.token,
      refuse: this.#behaviour.refuse,
      unserved: [],
      route: () => null,
    }))
    for (const org of options.orgs) {
      if ('signIn' in org) this.#tokens.add(org.name, org.signIn, clock.nowMs())
    }
    assertDistinct(
      'name',
      options.orgs.map(({ name }) => name),
    )
    this.#assertDistinctTokens()
  }

  insert(org: string, item: { insertionMs: number; visibleMs?: number; text: string }): void {
    this.#tenant(org).timeLine.insert(item.insertionMs, item.text, item.visibleMs)
  }

  stopCalls(): void {
    this.#advance(this.#clock.nowMs())
    for (const { timeLine } of this.#tenants) timeLine.stop()
  }

  failNext(...faults: readonly Fault[]): void {
    this.#faults.next(faults)
  }

  outage(fromMs: number, toMs: number, fault: Fault = 'server-error'): void {
    this.#faults.outage({ fromMs, toMs, fault })
  }

  cannotServe(org: string, span: UnservedSpan): void {
    const tenant = this.#tenant(org)
    tenant.unserved = [...tenant.unserved, span]
  }

  heal(): void {
    for (const tenant of this.#tenants) tenant.unserved = []
    this.#faults.heal()
    this.#tokens.faults.heal()
  }

  refuse(org: string, reason: RefusalReason): void {
    this.#tenant(org).refuse = reason
  }

  route(org: string, route: (host: string) => string | null): void {
    this.#tenant(org).route = route
  }

  changeToken(org: string, token: string): void {
    this.#tenant(org).token = token
    this.#assertDistinctTokens()
  }

  failNextSignIn(...faults: readonly SignInFault[]): void {
    this.#tokens.faults.next(faults)
  }

  signInOutage(fromMs: number, toMs: number, fault: SignInFault = 'server-error'): void {
    this.#tokens.faults.outage({ fromMs, toMs, fault })
  }

  refuseSignIn(org: string, reason: SignInRefusal): void {
    this.#tokens.account(org).refusal = reason
  }

  endTokens(org: string, which: 'access-tokens' | 'refresh-tokens'): void {
    const { account } = this.#tokens.account(org)
    if (which === 'access-tokens') account.endAccessTokens()
    else account.revoke()
  }

  rateViolations(): readonly RateViolation[] {
    return findRateViolations(this.ledger, this.terms)
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const nowMs = this.#clock.nowMs()
    this.#advance(nowMs)
    const [path, search = ''] = request.url.split('?', 2)
    if (path === tokenPath && request.method === 'POST') {
      return this.#tokens.handle(request.body ?? '', this.#stamp(nowMs), nowMs)
    }
    if (path === authorizePath) return this.#tokens.authorize(search, this.#stamp(nowMs), nowMs)
    if (path !== streamPath) return unknownPathAnswer(this.#stamp(nowMs))
    if (request.method !== 'GET') return errorAnswer(405, 'Method Not Allowed', this.#stamp(nowMs))
    const token = /^Bearer (.+)$/i.exec(String(request.headers.authorization ?? ''))?.[1] ?? ''
    const tenant = this.#tenantOf(token, nowMs)
    const credential = tenant?.credential ?? token
    const kind = isLinkQuery(search) ? 'page' : 'initial'
    const base = this.#behaviour.linkBase ?? baseOf(request)
    const elsewhere = tenant?.route(String(request.headers.host ?? '')) ?? null
    const answer = this.#answer({ tenant, credential, kind, search, base, elsewhere, nowMs })
    this.ledger.addRequest({
      atMs: nowMs,
      org: tenant?.name ?? null,
      credential,
      kind,
      status: answer.status,
    })
    return answer
  }

  #answer({ tenant, credential, kind, search, base, elsewhere, nowMs }: StreamRequest): SimulatedResponse {
    const stamp = this.#stamp(nowMs)
    const fault = this.#faults.draw(nowMs)
    if (fault === 'drop' || fault === 'hang' || fault === 'cut-headers') {
      this.#limits.count(credential, kind, nowMs)
      return { ...errorAnswer(500, '', stamp), fault }
    }
    const limited = this.#limits.waitMs(credential, kind, nowMs) !== null
    if (!limited || this.#behaviour.refusedCount) this.#limits.count(credential, kind, nowMs)
    if (tenant === undefined || tenant.refuse === 'token') return unauthorizedAnswer(stamp)
    if (limited || fault === 'limited') return this.#limited(credential, kind, nowMs)
    if (tenant.refuse !== 'none') return refusalAnswer(tenant.refuse, this.#behaviour, stamp)
    if (elsewhere !== null) return regionAnswer(elsewhere, this.#behaviour.regionForm, stamp)
    if (fault === 'server-error') {
      return serverErrorAnswer(this.#chance.oneOf([500, 502, 503, 504] as const), stamp)
    }
    return answerQuery(
      { tenant, search, base, nowMs },
      { terms: this.terms, behaviour: this.#behaviour, chance: this.#chance, fault, stamp },
    )
  }

  #limited(credential: string, kind: 'initial' | 'page', nowMs: number): SimulatedResponse {
    const { perMs } = kind === 'initial' ? this.terms.initialRequests : this.terms.pageRequests
    // If refused requests count, this one has made the wait longer.
    const waitMs = this.#limits.waitMs(credential, kind, nowMs) ?? perMs
    const retryAfterSec = { present: Math.ceil(waitMs / 1_000), small: 1, missing: null }
    return limitedAnswer(retryAfterSec[this.#behaviour.retryAfter], this.#stamp(nowMs))
  }

  #stamp(nowMs: number): Stamp {
    return {
      date: new Date(nowMs + this.#behaviour.dateSkewMs).toUTCString(),
      trackingid: `SIM_${this.#chance.hex(8)}`,
    }
  }

  #tenant(org: string): Tenant {
    const tenant = this.#tenants.find(({ name }) => name === org)
    if (tenant === undefined) throw new RangeError(`unknown org "${org}"`)
    return tenant
  }

  #tenantOf(token: string, nowMs: number): Tenant | undefined {
    const org = this.#tokens.orgOf(token, nowMs)
    return this.#tenants.find((tenant) => tenant.token === token || tenant.name === org)
  }

  #assertDistinctTokens(): void {
    assertDistinct(
      'token',
      this.#tenants.flatMap(({ token }) => token ?? []),
    )
  }

  #advance(nowMs: number): void {
    for (const { timeLine } of this.#tenants) timeLine.advance(nowMs)
  }
}

/** A request for records, with everything known about it. */
interface StreamRequest {
  readonly tenant: Tenant | undefined
  readonly credential: string
  readonly kind: 'initial' | 'page'
  readonly search: string
  /** The base URL of links. */
  readonly base: string
  /** The URL of the region that serves the org. Null if this region does. */
  readonly elsewhere: string | null
  readonly nowMs: number
}

function baseOf({ headers }: SimulatedRequest): string {
  return typeof headers.host === 'string' ? `http://${headers.host}` : ciscoBase
}

function assertDistinct(what: string, values: readonly string[]): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index)
  if (repeated !== undefined) throw new RangeError(`two orgs have the same ${what}`)
}
