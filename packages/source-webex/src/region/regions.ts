/**
 * The hosts that serve an org's records: the five that Cisco lists (API facts, section 1). Without
 * `allowedHosts`, the token is sent only to these hosts.
 */
export const regionHosts = {
  us: 'analytics-calling.webexapis.com',
  eu: 'analytics-calling-eu.webexapis.com',
  in: 'analytics-calling-in.webexapis.com',
  au: 'analytics-calling-au.webexapis.com',
  gov: 'analytics-calling-gov.webexapis.com',
} as const

export type Region = keyof typeof regionHosts

/** Returns the region of a host, or undefined for any other host. */
export function regionOf(host: string): Region | undefined {
  for (const [region, known] of Object.entries(regionHosts)) if (known === host) return region as Region
  return undefined
}
