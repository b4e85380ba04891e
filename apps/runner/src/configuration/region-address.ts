import { regionHosts, tokenUrls } from '@cdrstream/source-webex'
import type { ShapedOrg } from './schema/orgs-schema.ts'

type Region = ShapedOrg['region']

/**
 * Returns a region's base URL. For `auto`, Cisco routes to the nearest region, and returns 451 if the org is
 * in a different one (API facts, section 1).
 */
export function regionAddress(region: Region): string {
  return `https://${regionHosts[region === 'auto' ? 'us' : region]}/v1`
}

/** Returns a region's token endpoint. The government cloud has a separate one. */
export function tokenAddress(region: Region): string {
  return region === 'gov' ? tokenUrls.government : tokenUrls.commercial
}
