import { regionHosts, tokenUrls } from '@cdrstream/source-webex'
import type { ShapedOrg } from './schema/orgs-schema.ts'

type Region = ShapedOrg['region']

/**
 * Returns the address of a region. For `auto`, Cisco routes to the nearest region, and answers 451 if the org
 * is in another one (API facts, section 1).
 */
export function regionAddress(region: Region): string {
  return `https://${regionHosts[region === 'auto' ? 'us' : region]}/v1`
}

/** Returns the token address of a region: the government cloud has its own. */
export function tokenAddress(region: Region): string {
  return region === 'gov' ? tokenUrls.government : tokenUrls.commercial
}
