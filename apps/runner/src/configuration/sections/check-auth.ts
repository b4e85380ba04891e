import type { Path } from '../place.ts'
import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { valueAt } from '../value-at.ts'

const forms =
  'accessToken alone, or clientId, clientSecret and refreshToken of an integration or service app (without refreshToken, run `cdrstream login`)'

/** Returns the problems of orgs that have no way to sign in, two ways, or an incomplete one. */
export function checkAuth(plain: PlainValue, path: Path): readonly Problem[] {
  const auth = valueAt(plain.value, path)
  if (typeof auth !== 'object' || auth === null || Array.isArray(auth)) return []
  const has = (key: string) => Object.hasOwn(auth, key)
  const ofClient = ['clientId', 'clientSecret', 'refreshToken'].filter(has)
  if (has('accessToken')) {
    return ofClient.length === 0 ? [] : [problem(path, `accessToken and ${ofClient.join(', ')}`)]
  }
  if (ofClient.length === 0) return [problem(path, 'neither')]
  return has('clientId') && has('clientSecret') ? [] : [problem(path, `${ofClient.join(', ')} alone`)]
}

function problem(path: Path, found: string): Problem {
  return { path, part: 'value', message: `expected ${forms}, found ${found}` }
}
