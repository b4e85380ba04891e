import { deriveSchedule } from '@cdrstream/core'
import { checkAddresses } from './check-addresses.ts'
import { checkAuth } from './check-auth.ts'
import { configurationSchema } from './configuration-schema.ts'
import type { Path } from './place.ts'
import type { PlainValue } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { foundAt } from './shape-problems.ts'
import { termsOf } from './terms-of.ts'
import { listAt, valueAt } from './value-at.ts'

/**
 * What is wrong between the parts of a configuration. Each check looks at its own part of a value that may be
 * wrong elsewhere, so that a user sees all problems at once.
 */
export function checkWhole(plain: PlainValue): readonly Problem[] {
  const { value } = plain
  return [
    ...sameNames(value, 'orgs'),
    ...sameNames(value, 'sinks'),
    ...formerNames(value),
    ...listAt(value, ['orgs']).flatMap((_, index) => checkAuth(value, ['orgs', index, 'auth'])),
    ...checkAddresses(plain),
    ...checkTerms(plain),
  ]
}

function sameNames(value: unknown, section: string): readonly Problem[] {
  const firstOf = new Map<unknown, number>()
  return listAt(value, [section]).flatMap((_, index) => {
    const path = [section, index, 'name']
    const name = valueAt(value, path)
    const first = firstOf.get(name)
    if (first === undefined) firstOf.set(name, index)
    if (typeof name !== 'string' || first === undefined) return []
    return [problem(path, `expected a name of its own, found the name of ${section}[${first}] again`)]
  })
}

/**
 * A former name belongs to one org, and to none that still has it: else it is not known whose the records
 * are.
 */
function formerNames(value: unknown): readonly Problem[] {
  const orgs = listAt(value, ['orgs']).map((_, index) => ({
    name: valueAt(value, ['orgs', index, 'name']),
    formerly: valueAt(value, ['orgs', index, 'formerly']),
  }))
  return orgs.flatMap(({ formerly }, index) => {
    if (typeof formerly !== 'string') return []
    const namesake = orgs.findIndex(({ name }) => name === formerly)
    const first = orgs.findIndex((other) => other.formerly === formerly)
    const found =
      namesake >= 0 ? `the name of orgs[${namesake}]` : first < index ? `that of orgs[${first}] again` : null
    if (found === null) return []
    return [problem(['orgs', index, 'formerly'], `expected a name that no org has any more, found ${found}`)]
  })
}

function checkTerms(plain: PlainValue): readonly Problem[] {
  const webex = configurationSchema.shape.webex.safeParse(valueAt(plain.value, ['webex']))
  if (!webex.success) return []
  const { stream } = webex.data
  const { auditDueMs } = deriveSchedule(termsOf(webex.data))
  if (auditDueMs > stream.settle) return []
  // Otherwise there is no moment at which a window is old enough to be audited and not yet expired.
  const leastMs = stream.retention - auditDueMs + stream.settle
  const path = ['webex', 'stream', 'retention']
  return [
    problem(
      path,
      `expected more than ${leastMs} ms with this settle, maxWindow and initialRequests, found ${foundAt(path, plain)}`,
    ),
  ]
}

function problem(path: Path, message: string): Problem {
  return { path, part: 'value', message }
}
