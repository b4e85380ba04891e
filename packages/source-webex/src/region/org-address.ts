import { addressAtHost } from './api-address.ts'
import type { RegionStore } from './region-store.ts'

/** The result of a 451. */
export type RegionVerdict =
  /** Requests go to this host from now on. */
  | { readonly kind: 'moved'; readonly host: string }
  /**
   * It points to a host that itself answered 451 since the last page. The next request goes there regardless,
   * since one of the hosts must serve the org.
   */
  | { readonly kind: 'ping-pong'; readonly host: string }
  /** The configuration fixes the region, so the 451 is not followed. */
  | { readonly kind: 'fixed'; readonly host: string }
  /** The token may not be sent there. */
  | { readonly kind: 'not-allowed'; readonly host: string }
  /** It names no host. */
  | { readonly kind: 'unknown' }

/** Determines where an org's requests are sent. */
export interface OrgAddress {
  /** Returns the base URL for the next request. Never rejects. */
  current(): Promise<string>
  /** Records that the URL answered with a page. */
  accepted(): void
  /** Records that the URL `from` answered with 451 and named `host`. Never rejects. */
  sentAway(from: string, host: string | undefined): Promise<RegionVerdict>
}

export interface OrgAddressOptions {
  /** The initial base URL, which must be allowed. */
  readonly baseUrl: string
  /** Whether a 451 is followed. */
  readonly follow: boolean
  readonly allowedHosts: readonly string[]
  readonly store?: RegionStore | undefined
}

/** Returns a base URL that follows an org through the regions, and remembers where it was found. */
export function createOrgAddress(options: OrgAddressOptions): OrgAddress {
  const { baseUrl, follow, allowedHosts, store } = options
  let address: string | undefined
  const sentAwayBy = new Set<string>()

  async function remembered(): Promise<string | undefined> {
    const found = follow ? await store?.load().catch(() => undefined) : undefined
    return found?.baseUrl === baseUrl ? addressAtHost(baseUrl, found.host, allowedHosts) : undefined
  }

  async function current(): Promise<string> {
    address ??= (await remembered()) ?? baseUrl
    return address
  }

  async function moveTo(to: string, from: string): Promise<RegionVerdict> {
    const { host } = new URL(to)
    sentAwayBy.add(from)
    address = to
    await store?.save({ baseUrl, host }).catch(() => undefined)
    return { kind: sentAwayBy.has(to) ? 'ping-pong' : 'moved', host }
  }

  return {
    current,
    accepted: () => sentAwayBy.clear(),
    async sentAway(from, host) {
      if (host === undefined) {
        // The configured URL is tried again, so that a remembered host cannot become a trap.
        return follow && from !== baseUrl ? moveTo(baseUrl, from) : { kind: 'unknown' }
      }
      const to = addressAtHost(baseUrl, host, allowedHosts)
      if (to === undefined) return { kind: 'not-allowed', host }
      if (!follow) return { kind: 'fixed', host }
      // This is a late response from a host that is no longer used.
      if (from !== (await current())) return { kind: 'moved', host: new URL(await current()).host }
      return moveTo(to, from)
    },
  }
}
