import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { orgsSchema, type ShapedOrg } from '../schema/orgs-schema.ts'
import { listAt, valueAt } from '../value-at.ts'
import { checkAuth } from './check-auth.ts'
import { checkNames } from './check-names.ts'
import { parseSection, type Section } from './section.ts'

export function readOrgs(plain: PlainValue): Section<readonly ShapedOrg[]> {
  const { value, problems } = parseSection(orgsSchema, plain, ['orgs'])
  const written = listAt(plain.value, ['orgs'])
  return {
    value,
    problems: [
      ...problems,
      ...checkNames('orgs', written),
      ...checkFormerNames(written),
      ...written.flatMap((_, index) => checkAuth(plain, ['orgs', index, 'auth'])),
    ],
  }
}

/**
 * A former name must belong to one org and must not be in use, because otherwise it would be unclear which
 * org the records in the journal belong to.
 */
function checkFormerNames(written: readonly unknown[]): readonly Problem[] {
  const orgs = written.map((org) => ({ name: valueAt(org, ['name']), formerly: valueAt(org, ['formerly']) }))
  return orgs.flatMap(({ formerly }, index): readonly Problem[] => {
    if (typeof formerly !== 'string') return []
    const namesake = orgs.findIndex(({ name }) => name === formerly)
    const first = orgs.findIndex((other) => other.formerly === formerly)
    if (namesake < 0 && first === index) return []
    const found = namesake >= 0 ? `the name of orgs[${namesake}]` : `the former name of orgs[${first}]`
    const message = `expected a former name that is not in use, found ${found}`
    return [{ path: ['orgs', index, 'formerly'], part: 'value', message }]
  })
}
