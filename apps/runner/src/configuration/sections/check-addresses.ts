import { allowedBaseUrl, allowedTokenUrl } from '@cdrstream/source-webex'
import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { webexSchema } from '../schema/webex-schema.ts'
import { foundAt } from '../shape-problems.ts'
import { valueAt } from '../value-at.ts'

/** Returns what is wrong with the URLs that receive tokens and secrets. */
export function checkAddresses(plain: PlainValue): readonly Problem[] {
  return [
    ...checkAddress(plain, 'baseUrl', 'a Webex Calling host', allowedBaseUrl),
    ...checkAddress(plain, 'tokenUrl', 'a Webex host', allowedTokenUrl),
  ]
}

function checkAddress(
  plain: PlainValue,
  key: 'baseUrl' | 'tokenUrl',
  owner: string,
  allowed: (url: string, allowedHosts: readonly string[]) => string | undefined,
): readonly Problem[] {
  const path = ['webex', key]
  const { [key]: address, allowedHosts } = webexSchema.unwrap().shape
  const url = address.safeParse(valueAt(plain.value, path))
  const hosts = allowedHosts.safeParse(valueAt(plain.value, ['webex', 'allowedHosts']))
  // Any other form has been reported by the section's schema.
  if (!url.success || url.data === undefined || !hosts.success) return []
  if (allowed(url.data, hosts.data) !== undefined) return []
  const expected = `expected a URL whose host is ${owner}, one of webex.allowedHosts, or loopback`
  return [{ path, part: 'value', message: `${expected}, found ${foundAt(path, plain)}` }]
}
