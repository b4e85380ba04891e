import type { Clock } from '@cdrstream/engine'
import type { Transport } from '../transport.ts'
import { createUndiciTransport } from '../undici-transport.ts'
import type { TokenRequestTerms } from './request-tokens.ts'
import type { SecretText, SignInEvent } from './sign-in.ts'
import { allowedTokenUrl, tokenUrls } from './token-address.ts'
import type { TokenStore } from './token-store.ts'

/** Of everything that asks the token address. */
export interface TokenAddressOptions {
  readonly clientId: string
  readonly clientSecret: SecretText
  /**
   * Default: of commercial Webex. Checked: secrets go to Cisco's hosts, to `allowedHosts` and to loopback
   * addresses alone.
   */
  readonly tokenUrl?: string
  /** Besides Cisco's own: `host` or `host:port`. Default: none. */
  readonly allowedHosts?: readonly string[]
  readonly clock: Clock
  /** Default: undici. */
  readonly transport?: Transport
  /** From sending to the headers, and again to the end of the body, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number
  /** Default `cdrstream`. */
  readonly userAgent?: string
}

/** What a sign-in that renews its access token works with. */
export interface RenewingSignInOptions extends TokenAddressOptions {
  /**
   * The configured one. If it changes, it wins over the one that was stored. Default: none, a login has
   * stored one.
   */
  readonly refreshToken?: SecretText
  /** Keeps the refresh token. Not to be shared with another sign-in. */
  readonly store: TokenStore
  /** A number from 0 to 1, drawn anew for each wait: it spreads retries. Default: retries are not spread. */
  readonly chance?: () => number
  /** Is told what the operator may want to read. Default: nothing is said. */
  readonly onEvent?: (event: SignInEvent) => void
}

/** Throws RangeError if secrets may not go to the address. */
export function tokenRequestTerms(options: TokenAddressOptions): TokenRequestTerms {
  const tokenUrl = allowedTokenUrl(options.tokenUrl ?? tokenUrls.commercial, options.allowedHosts)
  if (tokenUrl === undefined) throw new RangeError('secrets may not go to this token address')
  return {
    tokenUrl,
    transport: options.transport ?? createUndiciTransport(),
    clock: options.clock,
    timeoutMs: options.timeoutMs ?? 30_000,
    userAgent: options.userAgent ?? 'cdrstream',
  }
}
