import { allowedBaseUrl } from '@cdrstream/source-webex'
import { configurationSchema } from './configuration-schema.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { foundAt } from './shape-problems.ts'
import { valueAt } from './value-at.ts'

/** Whether tokens may go to the address that is asked for records. */
export function checkBaseUrl(plain: PlainValue): readonly Problem[] {
  const path = ['webex', 'baseUrl']
  const { baseUrl, allowedHosts } = configurationSchema.shape.webex.unwrap().shape
  const url = baseUrl.safeParse(valueAt(plain.value, path))
  const hosts = allowedHosts.safeParse(valueAt(plain.value, ['webex', 'allowedHosts']))
  // What has another form is a problem that was told already.
  if (!url.success || url.data === undefined || !hosts.success) return []
  if (allowedBaseUrl(url.data, hosts.data) !== undefined) return []
  const expected = 'expected an address of Webex Calling, of one of webex.allowedHosts, or of loopback'
  return [{ path, part: 'value', message: `${expected}, found ${foundAt(path, plain)}` }]
}
