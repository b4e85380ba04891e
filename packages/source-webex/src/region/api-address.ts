import { isLoopback } from '../is-loopback.ts'
import { regionOf } from './regions.ts'

/**
 * The address as it will be asked, without a slash at its end, if a token may go there: over TLS to one of
 * Cisco's five hosts, to one of the `allowedHosts` (`host` or `host:port`) or to a loopback address; in the
 * clear to a loopback address alone. Else undefined. Nothing but the exact host counts: no suffix, no user
 * name in front, no other port, no dot behind.
 */
export function allowedBaseUrl(text: string, allowedHosts: readonly string[] = []): string | undefined {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined
  }
  const mayGo =
    isLoopback(url.hostname) || (url.protocol === 'https:' && isAllowedHost(url.host, allowedHosts))
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  return isWeb && mayGo ? url.href.replace(/\/+$/, '') : undefined
}

/**
 * The address `from` at another host, if a 451 may lead there: a host of Cisco's or one of the
 * `allowedHosts`, to the letter. Scheme and path stay ours. From a loopback address, which is a simulator or
 * a relay, it leads to no other machine.
 */
export function addressAtHost(
  from: string,
  host: string,
  allowedHosts: readonly string[],
): string | undefined {
  if (!isAllowedHost(host, allowedHosts)) return undefined
  const { protocol, pathname, hostname } = new URL(from)
  if (isLoopback(hostname) && !isLoopback(host.replace(/:\d+$/, ''))) return undefined
  return allowedBaseUrl(`${protocol}//${host}${pathname}`, allowedHosts)
}

function isAllowedHost(host: string, allowedHosts: readonly string[]): boolean {
  return regionOf(host) !== undefined || allowedHosts.some((allowed) => allowed.toLowerCase() === host)
}
