import { resolve } from 'node:path'
import type { CheckedSinks } from './check-sinks.ts'
import type { Configuration, OrgConfiguration, SinkConfiguration } from './configuration.ts'
import type { ShapedConfiguration } from './configuration-schema.ts'
import { regionAddress } from './region-address.ts'
import { Secret } from './secret.ts'
import { termsOf } from './terms-of.ts'

/** Puts together what was checked. */
export function completeConfiguration(
  shaped: ShapedConfiguration,
  { sinks, secrets }: CheckedSinks,
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
      return sink === undefined ? [] : [{ name, from, sink }]
    }),
    sinkSecrets: secrets,
    sinkNames: shaped.sinks.map(({ name }) => name),
    terms: termsOf(shaped.webex),
    baseDirectory,
  }
}

function completeOrg(
  { name, auth, region, locations, start }: ShapedConfiguration['orgs'][number],
  { orgs, webex }: ShapedConfiguration,
): OrgConfiguration {
  const first = orgs.find((other) => other.auth.accessToken === auth.accessToken)
  return {
    name,
    accessToken: new Secret(auth.accessToken ?? ''),
    credential: first?.name ?? name,
    baseUrl: webex.baseUrl ?? regionAddress(region),
    locations,
    // By default all that the stream has.
    reachMs: start ?? webex.stream.retention,
  }
}
