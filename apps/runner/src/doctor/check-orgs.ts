import type { OrgConfiguration } from '../configuration/configuration.ts'
import { type Check, orgCheckNames } from './check.ts'
import { checkOrg, type OrgMeans } from './check-org.ts'
import { allNotChecked, type OrgResults } from './judge-answer.ts'

/** The maximum number of orgs to check, because a provider can have thousands. */
const mostOrgs = 20

/** Returns the orgs to check: the named org, or the first orgs. */
export function chosenOrgs(
  orgs: readonly OrgConfiguration[],
  name: string | undefined,
): readonly OrgConfiguration[] {
  return name === undefined ? orgs.slice(0, mostOrgs) : orgs.filter((org) => org.name === name)
}

/**
 * Checks the orgs in parallel, because each can wait a minute. If several orgs share a credential, and so a
 * budget, only the first is checked with a request.
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

/** Returns an org's checks in the order in which they are reported. */
export function orgChecks({ name }: Pick<OrgConfiguration, 'name'>, results: OrgResults): readonly Check[] {
  return orgCheckNames.map((check) => ({ check, name, ...results[check] }))
}

function sharing({ name }: OrgConfiguration, first: OrgConfiguration): OrgResults {
  const words = `this org shares a token with ${first.name}, and the request was sent for ${first.name}; to check this org instead, use --org ${name}`
  return allNotChecked('shared-credential', words)
}
