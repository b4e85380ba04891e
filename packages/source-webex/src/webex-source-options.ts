import { randomUUID } from 'node:crypto'
import type { Clock } from '@cdrstream/engine'
import { type PageBounds, usualBounds } from './page-bounds.ts'
import { allowedBaseUrl } from './region/api-address.ts'
import { createOrgAddress, type OrgAddress } from './region/org-address.ts'
import type { RegionStore } from './region/region-store.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import type { Transport } from './transport.ts'
import { createUndiciTransport } from './undici-transport.ts'

/** What a source works with. */
export interface WebexSourceOptions {
  /**
   * The address of the API's version, without a query: `https://analytics-calling-eu.webexapis.com/v1`.
   * Checked: tokens go to Cisco's hosts, to `allowedHosts` and to loopback addresses alone.
   */
  readonly baseUrl: string
  /** Besides Cisco's own: `host` or `host:port`. Default: none. */
  readonly allowedHosts?: readonly string[]
  /**
   * Whether the org is followed to where a 451 says that it lives, to Cisco's hosts and `allowedHosts` alone.
   * Default `follow`.
   */
  readonly region?: 'follow' | 'fixed'
  /**
   * Remembers where the org was found. Not to be shared with another org. Default: only this process does.
   */
  readonly regionStore?: RegionStore
  /**
   * Gives the token of each request: `createRenewingSignIn`, or with a token that cannot be renewed
   * `createFixedSignIn`.
   */
  readonly signIn: SignIn
  /**
   * Names of locations as in Control Hub, at most 10, without commas. Default: none, that is, all locations.
   */
  readonly locations?: readonly string[]
  /** Tells when an answer arrived, and measures the time-outs. */
  readonly clock: Clock
  /** Default: undici, with kept connections. */
  readonly transport?: Transport
  readonly timeouts?: {
    /**
     * From sending to the arrival of the headers, in milliseconds. Default 90,000: a gateway gives up before.
     */
    readonly headersMs?: number
    /** From the headers to the end of the body, in milliseconds. Default 120,000. */
    readonly bodyMs?: number
  }
  /**
   * The most bytes of a body, encoded and decoded alike. Default 64,000,000: a page of 5,000 records has
   * about 14,000,000. At most 500,000,000, the longest text of the platform.
   */
  readonly maxBodyBytes?: number
  /** How much else may be in a page; what is not given is as in `usualBounds`. */
  readonly bounds?: Partial<PageBounds>
  /** Default `cdrstream`. */
  readonly userAgent?: string
  /**
   * Makes the TrackingID of a request, which Cisco's support finds it by. Default: `cdrstream_` and a random
   * UUID.
   */
  readonly newTrackingId?: () => string
}

export interface WebexSourceSettings {
  readonly address: OrgAddress
  readonly signIn: SignIn
  readonly locations: readonly string[]
  readonly clock: Clock
  readonly transport: Transport
  readonly headersMs: number
  readonly bodyMs: number
  readonly maxBodyBytes: number
  readonly bounds: PageBounds
  readonly userAgent: string
  readonly newTrackingId: () => string
}

/** Throws RangeError if tokens may not go to the address. */
export function withDefaults(options: WebexSourceOptions): WebexSourceSettings {
  const { allowedHosts = [], region = 'follow', regionStore } = options
  const baseUrl = allowedBaseUrl(options.baseUrl, allowedHosts)
  if (baseUrl === undefined) throw new RangeError('tokens may not go to this address')
  return {
    address: createOrgAddress({ baseUrl, follow: region === 'follow', allowedHosts, store: regionStore }),
    signIn: options.signIn,
    locations: options.locations ?? [],
    clock: options.clock,
    transport: options.transport ?? createUndiciTransport(),
    headersMs: options.timeouts?.headersMs ?? 90_000,
    bodyMs: options.timeouts?.bodyMs ?? 120_000,
    maxBodyBytes: options.maxBodyBytes ?? 64_000_000,
    bounds: { ...usualBounds, ...options.bounds },
    userAgent: options.userAgent ?? 'cdrstream',
    newTrackingId: options.newTrackingId ?? (() => `cdrstream_${randomUUID()}`),
  }
}
