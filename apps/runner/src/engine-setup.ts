import type { EngineOptions, OrgSetup, Platform, SinkSetup } from '@cdrstream/engine'
import type { Logger } from '@cdrstream/plugin'
import { createWebexSource } from '@cdrstream/source-webex'
import type { Configuration, OrgConfiguration, SinkConfiguration } from './configuration/configuration.ts'
import { createSink } from './create-sink.ts'
import { orgScope } from './org-scope.ts'

/** Builds what the configuration names. No I/O. */
export function engineSetup(
  configuration: Configuration,
  platform: Platform,
  log: Logger,
  userAgent: string,
): Pick<EngineOptions, 'orgs' | 'sinks' | 'terms' | 'platform' | 'log'> {
  return {
    orgs: configuration.orgs.map((org) => orgSetup(org, platform, userAgent)),
    sinks: configuration.sinks.map((sink) => sinkSetup(sink, configuration.baseDirectory, log)),
    terms: configuration.terms,
    platform,
    log,
  }
}

function orgSetup(org: OrgConfiguration, platform: Platform, userAgent: string): OrgSetup {
  const { name, credential, accessToken, baseUrl, locations, reachMs } = org
  return {
    name,
    scope: orgScope(org),
    credential,
    source: createWebexSource({
      baseUrl,
      accessToken: async () => accessToken.reveal(),
      locations,
      clock: platform.clock,
      userAgent,
    }),
    reachMs,
  }
}

function sinkSetup({ name, sink, from }: SinkConfiguration, baseDirectory: string, log: Logger): SinkSetup {
  return { name, sink: createSink(sink, { name, baseDirectory, log }), traits: sink.traits, from }
}
