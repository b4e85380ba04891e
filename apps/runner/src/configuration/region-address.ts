import type { ShapedConfiguration } from './configuration-schema.ts'

type Region = ShapedConfiguration['orgs'][number]['region']

/** The hosts of section 1 of the API facts. `auto`: Cisco routes to the nearest region, and answers 451 if the org lives elsewhere. */
const hosts: Readonly<Record<Region, string>> = {
  auto: 'analytics-calling.webexapis.com',
  us: 'analytics-calling.webexapis.com',
  eu: 'analytics-calling-eu.webexapis.com',
  in: 'analytics-calling-in.webexapis.com',
  au: 'analytics-calling-au.webexapis.com',
  gov: 'analytics-calling-gov.webexapis.com',
}

export function regionAddress(region: Region): string {
  return `https://${hosts[region]}/v1`
}
