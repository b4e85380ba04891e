import { randomUUID } from 'node:crypto'
import type { Clock } from '@cdrstream/engine'
import { givenTokens, type TokenSupply } from './sign-in/given-tokens.ts'
import type { SignIn } from './sign-in/sign-in.ts'
import type { Transport } from './transport.ts'
import { createUndiciTransport } from './undici-transport.ts'

export type WebexSourceOptions = RequestOptions & TokenOptions

/** Where the token of a request comes from. */
type TokenOptions =
  | {
      /** One that renews its tokens, or one with a fixed token (`createRenewingSignIn`, `createFixedSignIn`). */
      readonly signIn: SignIn
      readonly accessToken?: never
    }
  | {
      /** Gives the token of the next request, which cannot be renewed. A rejection is an answer `failed`, and nothing is sent. */
      readonly accessToken: () => Promise<string>
      readonly signIn?: never
    }

interface RequestOptions {
  /** The address of the API's version, without a query: `https://analytics-calling-eu.webexapis.com/v1`. */
  readonly baseUrl: string
  /** Names of locations as in Control Hub, at most 10, without commas. Default: none, that is, all locations. */
  readonly locations?: readonly string[]
  /** Tells when an answer arrived, and measures the time-outs. */
  readonly clock: Clock
  /** Default: undici, with kept connections. */
  readonly transport?: Transport
  readonly timeouts?: {
    /** From sending to the arrival of the headers, in milliseconds. Default 90,000: a gateway gives up before. */
    readonly headersMs?: number
    /** From the headers to the end of the body, in milliseconds. Default 120,000. */
    readonly bodyMs?: number
  }
  /**
   * The most bytes of a body, encoded and decoded alike. Default 64,000,000: a page of 5,000 records has about 14,000,000. At most
   * 500,000,000, the longest text of the platform.
   */
  readonly maxBodyBytes?: number
  /** Default `cdrstream`. */
  readonly userAgent?: string
  /** Makes the TrackingID of a request, which Cisco's support finds it by. Default: `cdrstream_` and a random UUID. */
  readonly newTrackingId?: () => string
}

export interface WebexSourceSettings {
  readonly baseUrl: string
  readonly signIn: TokenSupply
  readonly locations: readonly string[]
  readonly clock: Clock
  readonly transport: Transport
  readonly headersMs: number
  readonly bodyMs: number
  readonly maxBodyBytes: number
  readonly userAgent: string
  readonly newTrackingId: () => string
}

export function withDefaults(options: WebexSourceOptions): WebexSourceSettings {
  return {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    signIn: options.signIn ?? givenTokens(options.accessToken),
    locations: options.locations ?? [],
    clock: options.clock,
    transport: options.transport ?? createUndiciTransport(),
    headersMs: options.timeouts?.headersMs ?? 90_000,
    bodyMs: options.timeouts?.bodyMs ?? 120_000,
    maxBodyBytes: options.maxBodyBytes ?? 64_000_000,
    userAgent: options.userAgent ?? 'cdrstream',
    newTrackingId: options.newTrackingId ?? (() => `cdrstream_${randomUUID()}`),
  }
}
