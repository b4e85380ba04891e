import type { SimulatedResponse } from './answers.ts'
import type { Fault } from './faults.ts'
import type { Ledger } from './ledger.ts'
import type { RateViolation } from './rate-violations.ts'
import type { SignInFault, SignInRefusal } from './sign-in/sign-in-options.ts'
import type { RefusalReason } from './simulator-options.ts'
import type { SimulatorTerms } from './terms.ts'
import type { UnservedSpan } from './unserved-spans.ts'

/** A request to the API. */
export interface SimulatedRequest {
  readonly method: string
  /** The path and query. */
  readonly url: string
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The body of a POST. */
  readonly body?: string
}

/**
 * The simulated API. It does no I/O and takes time only from its clock. Methods with an `org` throw a
 * RangeError for an unknown org.
 */
export interface Simulator {
  readonly terms: SimulatorTerms
  /** Every record the API has held and returned, and every request it has received so far. */
  readonly ledger: Ledger
  /**
   * Returns the response to a request. The caller must inject its `fault`, and call `delivered` after
   * delivering it.
   */
  handle(request: SimulatedRequest): SimulatedResponse
  /** Inserts an item into an org's store. By default, it is visible as soon as it has settled. */
  insert(org: string, item: { insertionMs: number; visibleMs?: number; text: string }): void
  /** Stops generating calls, so that a collector can read everything to the end. */
  stopCalls(): void
  /** Makes the next responses have these faults, in this order. */
  failNext(...faults: readonly Fault[]): void
  /** Makes every request in `[fromMs, toMs)` have this fault, by default `server-error`. */
  outage(fromMs: number, toMs: number, fault?: Fault): void
  /**
   * From now on, fails every window of the org that overlaps the span, no matter how often it is requested.
   */
  cannotServe(org: string, span: UnservedSpan): void
  /** Turns off all faults, including random ones and unserved spans. */
  heal(): void
  /**
   * From now on, refuses all of the org's requests, for example because a role was revoked. `none` stops
   * that.
   */
  refuse(org: string, reason: RefusalReason): void
  /**
   * From now on, serves the org only on hosts (with port) for which `route` returns null. Requests to any
   * other host get a 451 that points to the URL that `route` returns. Serve one simulator twice to simulate
   * two regions.
   */
  route(org: string, route: (host: string) => string | null): void
  /** From now on, the org has this token, and its previous one is refused. */
  changeToken(org: string, token: string): void
  /** Makes the next token requests have these faults, in this order. */
  failNextSignIn(...faults: readonly SignInFault[]): void
  /** Makes every token request in `[fromMs, toMs)` have this fault, by default `server-error`. */
  signInOutage(fromMs: number, toMs: number, fault?: SignInFault): void
  /** From now on, refuses all of the org's token requests. `none` stops that. */
  refuseSignIn(org: string, reason: SignInRefusal): void
  /** Invalidates the org's access tokens and, with `refresh-tokens`, also its refresh tokens. */
  endTokens(org: string, which: 'access-tokens' | 'refresh-tokens'): void
  /** Returns the requests that exceeded the rate limit in the terms. */
  rateViolations(): readonly RateViolation[]
}
