import { answerWindow, iso, type WindowQuery, windowProblem } from './answer-window.ts'
import { type Chance, chanceOf, uuidOf } from './chance.ts'
import { drawFault, type Fault } from './faults.ts'
import { type Ledger, LedgerBook } from './ledger.ts'
import { linkHeader } from './link-header.ts'
import { type RateLimiter, rateLimiter } from './rate-limiter.ts'
import { findRateViolations, type RateViolation } from './rate-violations.ts'
import { readQuery } from './read-query.ts'
import { type Behaviour, type SimulatorOptions, usualBehaviour, usualMix } from './simulator-options.ts'
import { documentedTerms, type SimulatorTerms } from './terms.ts'
import { TimeLine } from './time-line.ts'

export interface SimulatedRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  /** By lower-cased name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface SimulatedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** What whoever carries the answer has to do to it. */
  readonly fault?: Fault
  /** To be called when the answer was carried whole: only then its items count as shown. */
  readonly delivered: () => void
}

/** The API. It does no I/O; its time is its clock's. */
export interface Simulator {
  readonly terms: SimulatorTerms
  readonly ledger: Ledger
  handle(request: SimulatedRequest): SimulatedResponse
  /** Puts an item into an org's store. */
  insert(
    org: string,
    item: { insertionMs: number; visibleMs?: number; text: string; reportId?: string | null },
  ): void
  /** No calls end any more: what is there can be read to its end. */
  stopCalls(): void
  /** The next answers have these faults, in this order. */
  failNext(...faults: readonly Fault[]): void
  /** Each request from here to there is answered with 503. */
  outage(fromMs: number, toMs: number): void
  /** Turns all faults by chance off. */
  heal(): void
  rateViolations(): readonly RateViolation[]
}

export function createSimulator(options: SimulatorOptions): Simulator {
  return new WebexSimulator(options)
}

const streamPath = '/v1/cdr_stream'

class WebexSimulator implements Simulator {
  readonly terms: SimulatorTerms
  readonly ledger = new LedgerBook()
  readonly #options: SimulatorOptions
  readonly #behaviour: Behaviour
  readonly #chance: Chance
  readonly #timeLines = new Map<string, TimeLine>()
  readonly #limiters = new Map<string, RateLimiter>()
  #planned: Fault[] = []
  #outages: { fromMs: number; toMs: number }[] = []
  #healthy = false

  constructor(options: SimulatorOptions) {
    this.#options = options
    this.terms = options.terms ?? documentedTerms
    this.#behaviour = { ...usualBehaviour, ...options.behaviour }
    this.#chance = chanceOf(options.seed, 'answers')
    const sinceMs = options.sinceMs ?? options.clock.nowMs()
    for (const org of options.orgs) {
      const { settleMs, retentionMs } = this.terms
      const mix = { ...usualMix, ...options.mix }
      this.#timeLines.set(
        org.name,
        new TimeLine({ org, seed: options.seed, sinceMs, settleMs, retentionMs, mix, ledger: this.ledger }),
      )
    }
  }

  insert(
    org: string,
    {
      insertionMs,
      visibleMs,
      text,
      reportId,
    }: { insertionMs: number; visibleMs?: number; text: string; reportId?: string | null },
  ): void {
    this.#timeLineOf(org).insert(insertionMs, text, {
      reportId: reportId ?? null,
      ...(visibleMs === undefined ? {} : { visibleMs }),
    })
  }

  stopCalls(): void {
    this.#advance()
    for (const timeLine of this.#timeLines.values()) timeLine.stop()
  }

  failNext(...faults: readonly Fault[]): void {
    this.#planned.push(...faults)
  }

  outage(fromMs: number, toMs: number): void {
    this.#outages.push({ fromMs, toMs })
  }

  heal(): void {
    this.#healthy = true
    this.#planned = []
    this.#outages = []
  }

  rateViolations(): readonly RateViolation[] {
    return findRateViolations(this.ledger, this.terms)
  }

  handle(request: SimulatedRequest): SimulatedResponse {
    const nowMs = this.#options.clock.nowMs()
    this.#advance()
    const [path = '', search = ''] = request.url.split('?', 2)
    if (path !== streamPath || request.method !== 'GET') return this.#problem(404, 'Not Found', nowMs)
    const token = /^Bearer (.+)$/i.exec(String(request.headers.authorization ?? ''))?.[1] ?? ''
    const org = this.#options.orgs.find((candidate) => candidate.token === token)
    const kind = /(^|&)(startTimeForNextFetch|totalCount|orgId)=/.test(search) ? 'page' : 'initial'
    const credential = org?.credential ?? token
    const answer = this.#answer(org?.name, credential, kind, search, nowMs)
    this.ledger.note({ atMs: nowMs, credential, kind, status: answer.status })
    return answer
  }

  #answer(
    org: string | undefined,
    credential: string,
    kind: 'initial' | 'page',
    search: string,
    nowMs: number,
  ): SimulatedResponse {
    const { refuse, refusedCount } = this.#behaviour
    const fault = this.#fault(nowMs)
    const limiter = this.#limiterOf(credential, kind)
    const waitMs = limiter.waitMs(nowMs)
    if (waitMs === null || refusedCount) limiter.count(nowMs)
    if (org === undefined || refuse === 'token') return this.#problem(401, unauthorized, nowMs)
    if (waitMs !== null) return this.#limited(waitMs, nowMs)
    if (refuse === 'permission')
      return this.#problem(403, 'The caller lacks the required role or scope', nowMs)
    if (refuse === 'region') return this.#problem(451, elsewhere, nowMs)
    switch (fault) {
      case 'limited':
        return this.#limited(0, nowMs)
      case 'server-error':
        return this.#serverError(nowMs)
      case 'hang':
      case 'drop':
        return { ...this.#problem(500, '', nowMs), fault }
      default:
        return this.#page(org, search, fault, nowMs)
    }
  }

  #page(org: string, search: string, fault: Fault | undefined, nowMs: number): SimulatedResponse {
    const serverMs = nowMs + this.#behaviour.dateSkewMs
    const query = readQuery(search, this.terms)
    if (typeof query === 'string') return this.#problem(400, query, nowMs)
    const problem = windowProblem(query, this.terms, serverMs)
    if (problem !== null) return this.#problem(400, problem, nowMs)
    const own = this.#toOwnTime(query)
    const page = answerWindow(this.#timeLineOf(org), own, this.#behaviour, nowMs, this.#chance)
    if (page.items.length === 0 && page.next === null) return this.#empty(nowMs)
    const next = page.next === null ? {} : this.#link(page.next, org, fault)
    const body = `{"items":[${page.items.map(({ text }) => text).join(',')}]}`
    return {
      status: 200,
      headers: { ...this.#headers(nowMs), 'content-type': 'application/json', ...next },
      body: fault === 'malformed' ? body.slice(0, Math.floor(body.length * this.#chance.next())) : body,
      ...(fault === undefined ? {} : { fault }),
      delivered: () => {
        if (fault !== undefined && fault !== 'bad-link') return
        for (const { id } of page.items) this.ledger.show(id, nowMs)
      },
    }
  }

  /** The store is kept in the simulator's own time, whatever the server's clock shows. */
  #toOwnTime(query: WindowQuery): WindowQuery {
    const { dateSkewMs } = this.#behaviour
    return {
      ...query,
      startMs: query.startMs - dateSkewMs,
      endMs: query.endMs - dateSkewMs,
      resumeMs: query.resumeMs === null ? null : query.resumeMs - dateSkewMs,
    }
  }

  #link(
    parameters: Readonly<Record<string, string>>,
    org: string,
    fault: Fault | undefined,
  ): Record<string, string> {
    const { dateSkewMs, linkForm } = this.#behaviour
    const shifted = Object.entries(parameters).map(([name, value]) =>
      name.includes('Time') ? [name, iso(Date.parse(value) + dateSkewMs)] : [name, value],
    )
    const orgId = this.#options.orgs.find(({ name }) => name === org)?.orgUuid ?? uuidOf(chanceOf(0, org))
    const query = [...shifted, ['orgId', orgId]].map((pair) => pair.join('=')).join('&')
    return linkHeader(
      `https://analytics-calling.webexapis.com${streamPath}?${query}`,
      linkForm,
      fault,
      this.#chance,
    )
  }

  #empty(nowMs: number): SimulatedResponse {
    switch (this.#behaviour.emptyAs) {
      case 'no-content':
        return { status: 204, headers: this.#headers(nowMs), body: '', delivered: nothing }
      case 'not-found':
        return this.#problem(404, 'No CDRs for requested time range and filters', nowMs)
      case 'empty-list':
        return {
          status: 200,
          headers: { ...this.#headers(nowMs), 'content-type': 'application/json' },
          body: '{"items":[]}',
          delivered: nothing,
        }
    }
  }

  #limited(waitMs: number, nowMs: number): SimulatedResponse {
    const { retryAfter } = this.#behaviour
    const seconds = retryAfter === 'small' ? 1 : Math.ceil(waitMs / 1_000)
    const problem = this.#problem(429, 'Request rate exceeds threshold', nowMs)
    if (retryAfter === 'missing') return problem
    return { ...problem, headers: { ...problem.headers, 'retry-after': String(seconds) } }
  }

  #serverError(nowMs: number): SimulatedResponse {
    const status = this.#chance.oneOf([500, 502, 503, 504])
    if (status !== 502) return this.#problem(status, 'Something went wrong', nowMs)
    const headers = { ...this.#headers(nowMs), 'content-type': 'text/html' }
    return { status, headers, body: '<html><body>Bad Gateway</body></html>', delivered: nothing }
  }

  #problem(status: number, message: string, nowMs: number): SimulatedResponse {
    const headers = this.#headers(nowMs)
    const body = {
      message,
      errors: [{ description: message }],
      trackingId: headers.trackingid,
      errorCode: status,
    }
    return {
      status,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      delivered: nothing,
    }
  }

  #headers(nowMs: number): Record<string, string> {
    return {
      date: new Date(nowMs + this.#behaviour.dateSkewMs).toUTCString(),
      trackingid: `SIM_${this.#chance.hex(8)}`,
    }
  }

  #fault(nowMs: number): Fault | undefined {
    if (this.#outages.some(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs)) return 'server-error'
    const drawn = drawFault(this.#options.faults ?? {}, this.#chance)
    return this.#planned.shift() ?? (this.#healthy ? undefined : drawn)
  }

  #limiterOf(credential: string, kind: 'initial' | 'page'): RateLimiter {
    const id = `${kind}|${credential}`
    const known = this.#limiters.get(id)
    if (known !== undefined) return known
    const { initialRequests, pageRequests } = this.terms
    const limiter = rateLimiter(
      kind === 'initial' ? initialRequests : pageRequests,
      this.#behaviour.rateLimit,
    )
    this.#limiters.set(id, limiter)
    return limiter
  }

  #timeLineOf(org: string): TimeLine {
    const timeLine = this.#timeLines.get(org)
    if (timeLine === undefined) throw new RangeError(`there is no org ${org}`)
    return timeLine
  }

  #advance(): void {
    const nowMs = this.#options.clock.nowMs()
    for (const timeLine of this.#timeLines.values()) timeLine.advance(nowMs)
  }
}

const unauthorized = 'The request requires a valid access token set in the Authorization request header.'
const elsewhere = 'This request should go to URL: https://analytics-calling-eu.webexapis.com'

function nothing(): void {}
