import { type RateLimiter, rateLimiter } from './rate-limiter.ts'
import type { Behaviour } from './simulator-options.ts'
import type { SimulatorTerms } from './terms.ts'

type RequestKind = 'initial' | 'page'

/** The rate limits of all credentials. */
export class Limits {
  readonly #terms: SimulatorTerms
  readonly #form: Behaviour['rateLimit']
  readonly #limiters = new Map<string, RateLimiter>()

  constructor(terms: SimulatorTerms, form: Behaviour['rateLimit']) {
    this.#terms = terms
    this.#form = form
  }

  /**
   * Returns how long until a request is allowed, in milliseconds, or null if it is allowed now. Does not
   * count the request.
   */
  waitMs(credential: string, kind: RequestKind, nowMs: number): number | null {
    return this.#limiter(credential, kind).waitMs(nowMs)
  }

  count(credential: string, kind: RequestKind, nowMs: number): void {
    this.#limiter(credential, kind).count(nowMs)
  }

  #limiter(credential: string, kind: RequestKind): RateLimiter {
    const id = `${kind}|${credential}`
    const known = this.#limiters.get(id)
    if (known !== undefined) return known
    const { initialRequests, pageRequests } = this.#terms
    const limiter = rateLimiter(kind === 'initial' ? initialRequests : pageRequests, this.#form)
    this.#limiters.set(id, limiter)
    return limiter
  }
}
