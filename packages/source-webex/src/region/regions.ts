/**
 * Where the records of an org may live: the five hosts that Cisco lists (API facts, section 1). The token
 * goes to no others by itself.
 */
export const regionHosts = {
  us: 'analytics-calling.webexapis.com',
  eu: 'analytics-calling-eu.webexapis.com',
  in: 'analytics-calling-in.webexapis.com',
  au: 'analytics-calling-au.webexapis.com',
  gov: 'analytics-calling-gov.webexapis.com',
} as const

export type Region = keyof typeof regionHosts

/** The region of a host; undefined for any other host. */
export function regionOf(host: string): Region | undefined {
  for (const [region, known] of Object.entries(regionHosts)) if (known === host) return region as Region
  return undefined
}
