import type { OrgConfiguration } from '../configuration/configuration.ts'
import { type Check, orgCheckNames } from './check.ts'
import { checkOrg, type OrgMeans } from './check-org.ts'
import { allNotChecked, type OrgResults } from './judge-answer.ts'

/** So many orgs at most are looked at: a provider may have thousands. */
const mostOrgs = 20

/** The orgs that are looked at: the named one, or the first of all. */
export function chosenOrgs(
  orgs: readonly OrgConfiguration[],
  name: string | undefined,
): readonly OrgConfiguration[] {
  return name === undefined ? orgs.slice(0, mostOrgs) : orgs.filter((org) => org.name === name)
}

/**
 * All at once, for each may wait a minute. Of those that share a credential one alone is asked for: the
 * budget is theirs together.
 */
export async function checkOrgs(
  orgs: readonly OrgConfiguration[],
  means: OrgMeans,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const checks = await Promise.all(
    orgs.map(async (org) => {
      const first = orgs.find(({ credential }) => credential === org.credential)
      const results =
        first === undefined || first === org ? await checkOrg(org, means, signal) : sharing(org, first)
      return orgChecks(org, results)
    }),
  )
  return checks.flat()
}

/** In the order in which they are told. */
export function orgChecks({ name }: Pick<OrgConfiguration, 'name'>, results: OrgResults): readonly Check[] {
  return orgCheckNames.map((check) => ({ check, name, ...results[check] }))
}

function sharing({ name }: OrgConfiguration, first: OrgConfiguration): OrgResults {
  const words = `it has the same token as ${first.name}, for which the one request was sent: --org ${name} sends it for this org`
  return allNotChecked('shared-credential', words)
}
