import { resolve } from 'node:path'
import type { FileWarning } from '@cdrstream/core'
import { apiHosts } from './api-hosts.ts'
import type { CheckedSinks } from './check-sinks.ts'
import type { Configuration, OrgAuth, OrgConfiguration, SinkConfiguration } from './configuration.ts'
import type { ShapedConfiguration } from './configuration-schema.ts'
import { regionAddress, tokenAddress } from './region-address.ts'
import { Secret } from './secret.ts'
import { termsOf } from './terms-of.ts'

/** Puts together what was checked. */
export function completeConfiguration(
  shaped: ShapedConfiguration,
  { sinks, policies, secrets }: CheckedSinks,
  authorities: string | undefined,
  fileWarnings: readonly FileWarning[],
  baseDirectory: string,
): Configuration {
  const { path, keep, maxBytes, minFreeDisk } = shaped.journal
  return {
    orgs: shaped.orgs.map((org) => completeOrg(org, shaped)),
    journal: {
      path: resolve(baseDirectory, path),
      keepMs: keep,
      maxBytes,
      minFreeDiskBytes: minFreeDisk,
    },
    sinks: shaped.sinks.flatMap(({ name, from }, index): SinkConfiguration[] => {
      const sink = sinks.get(index)
      return sink === undefined ? [] : [{ name, from, sink, fields: policies.get(index) ?? {} }]
    }),
    sinkSecrets: secrets,
    allowedHosts: shaped.webex.allowedHosts,
    authorities,
    sinkNames: shaped.sinks.map(({ name }) => name),
    terms: termsOf(shaped.webex),
    fileWarnings,
    baseDirectory,
  }
}

function completeOrg(
  { name, formerly, auth, region, locations, start }: ShapedConfiguration['orgs'][number],
  { orgs, webex }: ShapedConfiguration,
): OrgConfiguration {
  const first = orgs.find((other) => isSameSignIn(other.auth, auth))
  const baseUrl = webex.baseUrl ?? regionAddress(region)
  const { allowedHosts, tokenUrl } = webex
  return {
    name,
    ...(formerly !== undefined && { formerly }),
    auth: completeAuth(auth, tokenUrl ?? tokenAddress(region)),
    credential: first?.name ?? name,
    baseUrl,
    apiHosts: apiHosts({ allowedHosts, baseUrl, tokenUrl }),
    region: region === 'auto' ? 'follow' : 'fixed',
    locations,
    // By default all that the stream has.
    reachMs: start ?? webex.stream.retention,
  }
}

type ShapedAuth = ShapedConfiguration['orgs'][number]['auth']

/** Of an integration without a refresh token each org has a login of its own. */
function isSameSignIn(one: ShapedAuth, other: ShapedAuth): boolean {
  if (one === other) return true
  return one.accessToken === undefined
    ? one.refreshToken !== undefined &&
        one.refreshToken === other.refreshToken &&
        one.clientId === other.clientId
    : one.accessToken === other.accessToken
}

/** `checkAuth` has seen to it that the keys fit together. */
function completeAuth(
  { accessToken, clientId = '', clientSecret = '', refreshToken }: ShapedAuth,
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
