import { allowedTokenUrl } from '@cdrstream/source-webex'
import { configurationSchema } from './configuration-schema.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { foundAt } from './shape-problems.ts'
import { valueAt } from './value-at.ts'

/** Whether secrets may go to the address where tokens come from. */
export function checkTokenUrl(plain: PlainValue): readonly Problem[] {
  const path = ['webex', 'tokenUrl']
  const { tokenUrl, allowedHosts } = configurationSchema.shape.webex.unwrap().shape
  const url = tokenUrl.safeParse(valueAt(plain.value, path))
  const hosts = allowedHosts.safeParse(valueAt(plain.value, ['webex', 'allowedHosts']))
  // What has another form is a problem that was told already.
  if (!url.success || url.data === undefined || !hosts.success) return []
  if (allowedTokenUrl(url.data, hosts.data) !== undefined) return []
  const expected = 'expected an address of Webex, of one of webex.allowedHosts, or of loopback'
  return [{ path, part: 'value', message: `${expected}, found ${foundAt(path, plain)}` }]
}
