import { addressAtHost } from './api-address.ts'
import type { RegionStore } from './region-store.ts'

/** What a 451 results in. */
export type RegionVerdict =
  /** Requests go to this host from now on. */
  | { readonly kind: 'moved'; readonly host: string }
  /**
   * It leads to a host that itself answered 451 since the last page. The next request goes there regardless,
   * since one of the hosts must serve the org.
   */
  | { readonly kind: 'ping-pong'; readonly host: string }
  /** The configuration fixes the region, so the 451 is not followed. */
  | { readonly kind: 'fixed'; readonly host: string }
  /** The token may not be sent there. */
  | { readonly kind: 'not-allowed'; readonly host: string }
  /** It names no host. */
  | { readonly kind: 'unknown' }

/** Determines where the requests of an org are sent. */
export interface OrgAddress {
  /** Returns the address for the next request. Never rejects. */
  current(): Promise<string>
  /** Records that the address answered with a page. */
  accepted(): void
  /** Records that the address `from` answered with 451 and named `host`. Never rejects. */
  sentAway(from: string, host: string | undefined): Promise<RegionVerdict>
}

export interface OrgAddressOptions {
  /** The initial address, which must be allowed. */
  readonly baseUrl: string
  /** Whether a 451 is followed. */
  readonly follow: boolean
  readonly allowedHosts: readonly string[]
  readonly store?: RegionStore | undefined
}

/** Returns an address that follows an org through the regions, and remembers where it was found. */
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
        // A remembered host must not become a trap: the configured address is tried again.
        return follow && from !== baseUrl ? moveTo(baseUrl, from) : { kind: 'unknown' }
      }
      const to = addressAtHost(baseUrl, host, allowedHosts)
      if (to === undefined) return { kind: 'not-allowed', host }
      if (!follow) return { kind: 'fixed', host }
      // A late answer from a host that is no longer used.
      if (from !== (await current())) return { kind: 'moved', host: new URL(await current()).host }
      return moveTo(to, from)
    },
  }
}
