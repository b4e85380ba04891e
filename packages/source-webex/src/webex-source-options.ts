import { randomUUID } from 'node:crypto'
import type { Clock } from '@cdrstream/engine'
import { type PageBounds, usualBounds } from './page-bounds.ts'
import { allowedBaseUrl } from './region/api-address.ts'
import { createOrgAddress, type OrgAddress } from './region/org-address.ts'
import type { RegionStore } from './region/region-store.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import type { Transport } from './transport.ts'
import { createUndiciTransport } from './undici-transport.ts'

/** The options of `createWebexSource`. */
export interface WebexSourceOptions {
  /**
   * The base URL of the API, including its version, without a query:
   * `https://analytics-calling-eu.webexapis.com/v1`. Must be a Cisco host, one of `allowedHosts`, or a
   * loopback address, because tokens are sent there.
   */
  readonly baseUrl: string
  /** Hosts other than Cisco's that may receive the token: `host` or `host:port`. Default: none. */
  readonly allowedHosts?: readonly string[]
  /**
   * `follow`: after a 451, requests go to the host that it names if that host is Cisco's or one of
   * `allowedHosts`. Default `follow`.
   */
  readonly region?: 'follow' | 'fixed'
  /**
   * Remembers where the org was found. Must not be shared with another org. Default: this process's memory
   * only.
   */
  readonly regionStore?: RegionStore
  /**
   * Provides the token for each request: `createRenewingSignIn`, or `createFixedSignIn` for a token that
   * cannot be renewed.
   */
  readonly signIn: SignIn
  /** Location names as in Control Hub, at most 10, without commas. Default: all locations. */
  readonly locations?: readonly string[]
  /** Provides the arrival time of answers, and measures timeouts. */
  readonly clock: Clock
  /** Default: undici, with connections that are kept open. */
  readonly transport?: Transport
  readonly timeouts?: {
    /**
     * From sending the request to the arrival of the headers, in milliseconds. Default 90,000, by which time
     * a gateway has given up.
     */
    readonly headersMs?: number
    /** From the headers to the end of the body, in milliseconds. Default 120,000. */
    readonly bodyMs?: number
  }
  /**
   * The maximum size of a body in bytes, both encoded and decoded. Default 64,000,000; a page of 5,000
   * records is about 14,000,000. At most 500,000,000, the longest string that the platform supports.
   */
  readonly maxBodyBytes?: number
  /** Limits on page content. Missing limits default to `usualBounds`. */
  readonly bounds?: Partial<PageBounds>
  /** Default `cdrstream`. */
  readonly userAgent?: string
  /**
   * Returns the TrackingID of a request, by which Cisco's support finds the request. Default: `cdrstream_`
   * and a random UUID.
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

/** Throws a RangeError if tokens may not be sent to `baseUrl`. */
export function withDefaults(options: WebexSourceOptions): WebexSourceSettings {
  const { allowedHosts = [], region = 'follow', regionStore } = options
  const baseUrl = allowedBaseUrl(options.baseUrl, allowedHosts)
  if (baseUrl === undefined)
    throw new RangeError(
      'baseUrl must be a Cisco host or one of allowedHosts over https, or a loopback address',
    )
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
