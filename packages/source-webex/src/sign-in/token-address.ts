import { isLoopback } from '../is-loopback.ts'

/** Where access tokens come from (API facts, section 2). */
export const tokenUrls = {
  commercial: 'https://webexapis.com/v1/access_token',
  government: 'https://api-usgov.webex.com/v1/access_token',
} as const

/** Where a user signs in, and allows an integration to act for them. */
export const authorizeUrls = {
  commercial: 'https://webexapis.com/v1/authorize',
  government: 'https://api-usgov.webex.com/v1/authorize',
} as const

const ciscoHosts: readonly string[] = Object.values(tokenUrls).map((url) => new URL(url).host)

/**
 * The address as it will be asked, if secrets may go there: over TLS to Cisco's own hosts or to one of the
 * `allowedHosts` (`host` or `host:port`), or in the clear to a loopback address. Else undefined. Nothing but
 * the exact host counts: no suffix, no user name in front, no other port.
 */
export function allowedTokenUrl(text: string, allowedHosts: readonly string[] = []): string | undefined {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return undefined
  }
  const mayGo =
    (url.protocol === 'http:' && isLoopback(url.hostname)) ||
    (url.protocol === 'https:' &&
      (isLoopback(url.hostname) || ciscoHosts.includes(url.host) || allowedHosts.includes(url.host)))
  return mayGo ? url.href : undefined
}
