import { apiHosts } from './api-hosts.ts'
import type {
  Configuration,
  HttpConfiguration,
  JournalConfiguration,
  OrgAuth,
  OrgConfiguration,
} from './configuration.ts'
import { regionAddress, tokenAddress } from './region-address.ts'
import type { ShapedOrg } from './schema/orgs-schema.ts'
import type { ShapedSink } from './schema/sinks-schema.ts'
import { Secret } from './secret.ts'
import type { WebexConfiguration } from './sections/read-webex.ts'

/** The values of the sections that every command needs. */
export interface Sections {
  readonly orgs: readonly ShapedOrg[]
  readonly journal: JournalConfiguration
  readonly sinks: readonly ShapedSink[]
  readonly http: HttpConfiguration | null
  readonly webex: WebexConfiguration
}

/** Joins the sections. Settings that an org omits come from `webex`. */
export function joinConfiguration(
  { orgs, journal, sinks, http, webex }: Sections,
  baseDirectory: string,
): Configuration {
  return {
    orgs: orgs.map((org) => joinOrg(org, orgs, webex)),
    journal,
    sinkNames: sinks.map(({ name }) => name),
    ...(http !== null && { http }),
    allowedHosts: webex.allowedHosts,
    terms: webex.terms,
    baseDirectory,
  }
}

function joinOrg(
  { name, formerly, auth, region, locations, start }: ShapedOrg,
  orgs: readonly ShapedOrg[],
  { baseUrl = regionAddress(region), tokenUrl, allowedHosts, terms }: WebexConfiguration,
): OrgConfiguration {
  const first = orgs.find((other) => isSameSignIn(other.auth, auth))
  return {
    name,
    ...(formerly !== undefined && { formerly }),
    auth: joinAuth(auth, tokenUrl ?? tokenAddress(region)),
    credential: first?.name ?? name,
    baseUrl,
    apiHosts: apiHosts({ allowedHosts, baseUrl, tokenUrl }),
    region: region === 'auto' ? 'follow' : 'fixed',
    locations,
    // By default, everything that the stream still has.
    reachMs: start ?? terms.stream.retentionMs,
  }
}

/** Without a refresh token, each org that uses an integration has a separate login. */
function isSameSignIn(one: ShapedOrg['auth'], other: ShapedOrg['auth']): boolean {
  if (one === other) return true
  return one.accessToken === undefined
    ? one.refreshToken !== undefined &&
        one.refreshToken === other.refreshToken &&
        one.clientId === other.clientId
    : one.accessToken === other.accessToken
}

/** `checkAuth` has rejected every other combination of keys. */
function joinAuth(
  { accessToken, clientId = '', clientSecret = '', refreshToken }: ShapedOrg['auth'],
  tokenUrl: string,
): OrgAuth {
  if (accessToken !== undefined) return { kind: 'access-token', accessToken: new Secret(accessToken) }
  return {
    kind: 'client',
    clientId,
    clientSecret: new Secret(clientSecret),
    refreshToken: refreshToken === undefined ? undefined : new Secret(refreshToken),
    tokenUrl,
  }
}
