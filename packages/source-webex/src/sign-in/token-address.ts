import { isLoopback } from '../is-loopback.ts'

/** Webex's token endpoints (API facts, section 2). */
export const tokenUrls = {
  commercial: 'https://webexapis.com/v1/access_token',
  government: 'https://api-usgov.webex.com/v1/access_token',
} as const

/** The pages on which a user signs in and authorizes an integration. */
export const authorizeUrls = {
  commercial: 'https://webexapis.com/v1/authorize',
  government: 'https://api-usgov.webex.com/v1/authorize',
} as const

const ciscoHosts: readonly string[] = Object.values(tokenUrls).map((url) => new URL(url).host)

/**
 * Returns the normalized URL if secrets may be sent there, otherwise undefined. Allowed over TLS are Cisco's
 * own hosts, `allowedHosts` (`host` or `host:port`) and loopback addresses; without TLS, only loopback
 * addresses. Hosts are compared exactly: a suffix, a user name or another port makes a different host.
 */
export function allowedTokenUrl(text: string, allowedHosts: readonly string[] = []): string | undefined {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined
  }
  const isAllowed =
    (url.protocol === 'http:' && isLoopback(url.hostname)) ||
    (url.protocol === 'https:' &&
      (isLoopback(url.hostname) || ciscoHosts.includes(url.host) || allowedHosts.includes(url.host)))
  return isAllowed ? url.href : undefined
}
