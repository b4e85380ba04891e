import { allowedBaseUrl, allowedTokenUrl } from '@cdrstream/source-webex'
import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { webexSchema } from '../schema/webex-schema.ts'
import { foundAt } from '../shape-problems.ts'
import { valueAt } from '../value-at.ts'

/** Returns what is wrong with the addresses that get tokens and secrets. */
export function checkAddresses(plain: PlainValue): readonly Problem[] {
  return [
    ...checkAddress(plain, 'baseUrl', 'Webex Calling', allowedBaseUrl),
    ...checkAddress(plain, 'tokenUrl', 'Webex', allowedTokenUrl),
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
  // Any other form was reported with the form of the section.
  if (!url.success || url.data === undefined || !hosts.success) return []
  if (allowed(url.data, hosts.data) !== undefined) return []
  const expected = `expected an address of ${owner}, of one of webex.allowedHosts, or of loopback`
  return [{ path, part: 'value', message: `${expected}, found ${foundAt(path, plain)}` }]
}
