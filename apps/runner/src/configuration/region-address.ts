import { regionHosts, tokenUrls } from '@cdrstream/source-webex'
import type { ShapedConfiguration } from './configuration-schema.ts'

type Region = ShapedConfiguration['orgs'][number]['region']

/**
 * `auto`: Cisco routes to the nearest region, and answers 451 if the org lives elsewhere (API facts, section
 * 1).
 */
export function regionAddress(region: Region): string {
  return `https://${regionHosts[region === 'auto' ? 'us' : region]}/v1`
}

/** Government has a Webex of its own. */
export function tokenAddress(region: Region): string {
  return region === 'gov' ? tokenUrls.government : tokenUrls.commercial
}
