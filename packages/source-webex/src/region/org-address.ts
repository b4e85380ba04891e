import { addressAtHost } from './api-address.ts'
import type { RegionStore } from './region-store.ts'

/** What a 451 comes to. */
export type RegionVerdict =
  /** From now on this host is asked. */
  | { readonly kind: 'moved'; readonly host: string }
  /**
   * It leads to a host that sent us away since the last page. That one is asked next all the same: one of
   * them has to take us.
   */
  | { readonly kind: 'ping-pong'; readonly host: string }
  /** The region is fixed by the configuration, so it is not followed. */
  | { readonly kind: 'fixed'; readonly host: string }
  /** The token may not go there. */
  | { readonly kind: 'not-allowed'; readonly host: string }
  /** It names no host. */
  | { readonly kind: 'unknown' }

/** Where the requests of an org go. */
export interface OrgAddress {
  /** The address to ask now. Never rejects. */
  current(): Promise<string>
  /** The address answered with a page. */
  accepted(): void
  /** The address answered with 451; `host` is what its body named. Never rejects. */
  sentAway(from: string, host: string | undefined): Promise<RegionVerdict>
}

export interface OrgAddressOptions {
  /** Where to begin; allowed. */
  readonly baseUrl: string
  /** Whether a 451 is followed. */
  readonly follow: boolean
  readonly allowedHosts: readonly string[]
  readonly store?: RegionStore | undefined
}

/** Follows an org through the regions, and remembers where it was found. */
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
        // What was found once must not become a trap: the address of the configuration is asked again.
        return follow && from !== baseUrl ? moveTo(baseUrl, from) : { kind: 'unknown' }
      }
      const to = addressAtHost(baseUrl, host, allowedHosts)
      if (to === undefined) return { kind: 'not-allowed', host }
      if (!follow) return { kind: 'fixed', host }
      // A late answer of a host that is not asked any more.
      if (from !== (await current())) return { kind: 'moved', host: new URL(await current()).host }
      return moveTo(to, from)
    },
  }
}
