import type { ClientAuth, Configuration, OrgConfiguration } from '../configuration/configuration.ts'

export type ClientOrg = OrgConfiguration & { readonly auth: ClientAuth }

/** Returns the org to sign in, or one line with the reason why there is none. */
export function chooseOrg(
  { orgs }: Pick<Configuration, 'orgs'>,
  name: string | undefined,
): ClientOrg | { readonly problem: string } {
  const candidates = orgs.filter(isClientOrg)
  const names = candidates.map((org) => org.name).join(', ')
  if (name === undefined) {
    const [only, ...others] = candidates
    if (only === undefined) {
      return {
        problem:
          'auth: expected clientId and clientSecret of an integration in the configuration, found none',
      }
    }
    return others.length === 0 ? only : { problem: `--org: expected one of ${names}, found nothing` }
  }
  const chosen = candidates.find((org) => org.name === name)
  if (chosen !== undefined) return chosen
  const found = orgs.some((org) => org.name === name) ? `${name}, which has an access token` : name
  return { problem: `--org: expected ${names || 'an org with clientId and clientSecret'}, found ${found}` }
}

function isClientOrg(org: OrgConfiguration): org is ClientOrg {
  return org.auth.kind === 'client'
}
