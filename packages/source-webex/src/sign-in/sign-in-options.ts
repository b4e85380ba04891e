import type { Clock } from '@cdrstream/engine'
import type { Transport } from '../transport.ts'
import { createUndiciTransport } from '../undici-transport.ts'
import type { TokenRequestTerms } from './request-tokens.ts'
import type { SecretText, SignInEvent } from './sign-in.ts'
import { allowedTokenUrl, tokenUrls } from './token-address.ts'
import type { TokenStore } from './token-store.ts'

/** The options for requests to the token endpoint. */
export interface TokenAddressOptions {
  readonly clientId: string
  readonly clientSecret: SecretText
  /**
   * Default: commercial Webex. Must be a Cisco host, one of `allowedHosts`, or a loopback address, because
   * secrets are sent there.
   */
  readonly tokenUrl?: string
  /** Hosts other than Cisco's that may receive secrets: `host` or `host:port`. Default: none. */
  readonly allowedHosts?: readonly string[]
  readonly clock: Clock
  /** Default: undici. */
  readonly transport?: Transport
  /**
   * From sending to the headers, and again from the headers to the end of the body, in milliseconds. Default
   * 30,000.
   */
  readonly timeoutMs?: number
  /** Default `cdrstream`. */
  readonly userAgent?: string
}

/** The options of `createRenewingSignIn`. */
export interface RenewingSignInOptions extends TokenAddressOptions {
  /**
   * The configured refresh token. If it changes, it replaces the stored one. Default: none, because a login
   * stores one.
   */
  readonly refreshToken?: SecretText
  /** Keeps the refresh token. Must not be shared with another sign-in. */
  readonly store: TokenStore
  /**
   * Returns a random number from 0 to 1 for each wait, which spreads retries. Default: retries are not
   * spread.
   */
  readonly chance?: () => number
  /** Called with events for the operator. Default: events are dropped. */
  readonly onEvent?: (event: SignInEvent) => void
}

/** Throws a RangeError if secrets may not be sent to `tokenUrl`. */
export function tokenRequestTerms(options: TokenAddressOptions): TokenRequestTerms {
  const tokenUrl = allowedTokenUrl(options.tokenUrl ?? tokenUrls.commercial, options.allowedHosts)
  if (tokenUrl === undefined)
    throw new RangeError(
      'tokenUrl must be a Cisco host or one of allowedHosts over https, or a loopback address',
    )
  return {
    tokenUrl,
    transport: options.transport ?? createUndiciTransport(),
    clock: options.clock,
    timeoutMs: options.timeoutMs ?? 30_000,
    userAgent: options.userAgent ?? 'cdrstream',
  }
}
