import { isLoopback } from '../is-loopback.ts'
import { regionOf } from './regions.ts'

/**
 * Returns the normalized base URL, without a trailing slash, if a token may be sent there, otherwise
 * undefined. Allowed over TLS are Cisco's five hosts, `allowedHosts` (`host` or `host:port`) and loopback
 * addresses; without TLS, only loopback addresses. Hosts are compared exactly: a suffix, a user name, another
 * port or a trailing dot makes a different host.
 */
export function allowedBaseUrl(text: string, allowedHosts: readonly string[] = []): string | undefined {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined
  }
  const isAllowed =
    isLoopback(url.hostname) || (url.protocol === 'https:' && isAllowedHost(url.host, allowedHosts))
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  return isWeb && isAllowed ? url.href.replace(/\/+$/, '') : undefined
}

/**
 * Returns the URL `from` with a different host, if a 451 may point there: exactly one of Cisco's hosts or of
 * `allowedHosts`. Scheme and path stay. A loopback address, which is a simulator or a relay, cannot move
 * requests to another machine.
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
